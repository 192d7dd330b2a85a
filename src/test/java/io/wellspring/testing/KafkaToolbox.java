package io.wellspring.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's command-line tools inside this JVM, behind a class loader of their own: a hundred of them cost what one process costs. What a tool
 * prints is what its thread prints; other threads of this JVM print where they did. Threads: any, each runs one tool at a time.
 */
public final class KafkaToolbox implements AutoCloseable {
    private static final ThreadLocal<@Nullable Running> RUNNING = new ThreadLocal<>();

    private final URLClassLoader kafka;
    private final ByThread out = new ByThread(System.out, running -> running.output);
    private final ByThread err = new ByThread(System.err, running -> running.errors);

    /** A tool that a thread runs. */
    private static final class Running {
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

        /** With which it wanted to end the process: the first counts, and what it says after that it would not have said. */
        private @Nullable Integer exitCode;
    }

    /** A tool wanted to end the process. Some catch it, and talk on. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("the tool has ended", null, false, false);
        }
    }

    /** Prints into what the thread's tool has, otherwise where it always did. */
    private static final class ByThread extends OutputStream {
        private final PrintStream before;
        private final Function<Running, OutputStream> ofTool;

        ByThread(PrintStream before, Function<Running, OutputStream> ofTool) {
            this.before = before;
            this.ofTool = ofTool;
        }

        private OutputStream target() {
            Running running = RUNNING.get();
            if (running == null) {
                return before;
            }
            return running.exitCode == null ? ofTool.apply(running) : OutputStream.nullOutputStream();
        }

        @Override
        public void write(int one) throws IOException {
            target().write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            target().write(bytes, from, count);
        }

        @Override
        public void flush() throws IOException {
            target().flush();
        }
    }

    public KafkaToolbox() throws IOException, ReflectiveOperationException {
        List<URL> classPath = new ArrayList<>();
        for (String entry : KafkaTools.classPath().split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        kafka = new URLClassLoader(classPath.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        Class<?> exit = kafka.loadClass("org.apache.kafka.common.utils.Exit");
        Class<?> procedure = kafka.loadClass("org.apache.kafka.common.utils.Exit$Procedure");
        for (String setter : List.of("setExitProcedure", "setHaltProcedure")) {
            exit.getMethod(setter, procedure)
                    .invoke(
                            null,
                            Proxy.newProxyInstance(
                                    kafka,
                                    new Class<?>[] {procedure},
                                    (_, _, arguments) -> end((Integer) arguments[0])));
        }
        // The hooks of tools that ended would wait for them when this JVM ends.
        Class<?> adder = kafka.loadClass("org.apache.kafka.common.utils.Exit$ShutdownHookAdder");
        exit.getMethod("setShutdownHookAdder", adder)
                .invoke(null, Proxy.newProxyInstance(kafka, new Class<?>[] {adder}, (_, _, _) -> null));
    }

    private static Object end(int exitCode) {
        Running running = RUNNING.get();
        if (running != null && running.exitCode == null) {
            running.exitCode = exitCode;
        }
        throw new Ended();
    }

    /** Runs a tool's main method to its end. */
    public ExternalProgram.Result run(String mainClass, String... arguments) throws ReflectiveOperationException {
        Running running = new Running();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(kafka);
        RUNNING.set(running);
        int exitCode = 0;
        try {
            kafka.loadClass(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            if (running.exitCode == null) {
                // As the JVM does with what main throws.
                running.errors.writeBytes((thrown.getCause() + "\n").getBytes(StandardCharsets.UTF_8));
                exitCode = 1;
            }
        } finally {
            RUNNING.remove();
            thread.setContextClassLoader(before);
        }
        return new ExternalProgram.Result(
                running.exitCode == null ? exitCode : running.exitCode,
                running.output.toString(StandardCharsets.UTF_8),
                running.errors.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        System.setOut(out.before);
        System.setErr(err.before);
        kafka.close();
    }
}
