package io.wellspring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be seen only in the sources: sizes, package descriptions, banned words, what lies at the top level. */
final class TidyTest {
    private static final int FILE_LINES_MOST = 400;
    private static final int METHOD_LINES_MOST = 60;

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");

    /** Micro-benchmarks, and the instrument that compares brokers, which is a project of its own. */
    private static final List<Path> BENCHMARKS =
            List.of(Path.of("src/jmh/java"), Path.of("bench/src/main/java"), Path.of("bench/src/test/java"));

    /** What a visitor finds at the root; anything else needs an entry here and a reason in a commit. */
    private static final Set<String> TOP_LEVEL = Set.of(
            ".ci",
            ".git",
            ".gitattributes",
            ".gitignore",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "Dockerfile",
            "LICENSE",
            "README.md",
            "application.yml",
            "bench",
            "bin",
            "docs",
            "grafana",
            "helm",
            "pom.xml",
            "src");

    /** Left behind by builds, runs and editors; git ignores them. */
    private static final Set<String> IGNORED_TOP_LEVEL =
            Set.of("target", "data", ".idea", ".vscode", ".settings", ".classpath", ".project", ".mvn-cache");

    /** Words that may not stand in sources, each with what to do instead. */
    private static final Map<Pattern, String> BANNED = Map.of(
            Pattern.compile("@Suppress" + "Warnings"), "change the code, or the rule for all with its reason",
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"), "finish it, or write it down where users look",
            Pattern.compile("@Dis" + "abled"), "a test that does not run is deleted or repaired",
            Pattern.compile("Thread\\.sl" + "eep\\("), "wait for the condition, not for time to pass",
            Pattern.compile("TimeUnit\\.\\w+\\.sl" + "eep\\("), "wait for the condition, not for time to pass",
            Pattern.compile("print" + "StackTrace\\("), "log once, where the error is handled",
            Pattern.compile("catch \\((Exception|Throwable|IOException) ignored\\)"),
                    "an exception is answered, or let through");

    @Test
    void filesAndMethodsAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources()) {
            long lines;
            try (Stream<String> all = Files.lines(source)) {
                lines = all.count();
            }
            if (lines > FILE_LINES_MOST) {
                tooLong.add(source + " has " + lines + " lines");
            }
        }
        tooLong.addAll(longMethods());
        assertThat(tooLong)
                .as(
                        "a file fits in a head (%d lines), a method on a screen (%d lines)",
                        FILE_LINES_MOST, METHOD_LINES_MOST)
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatLivesInIt() throws IOException {
        Set<Path> packages = new TreeSet<>();
        for (Path source : sources(MAIN)) {
            packages.add(source.getParent());
        }
        for (Path source : sources(Path.of("bench/src/main/java"))) {
            packages.add(source.getParent());
        }
        List<String> silent = new ArrayList<>();
        for (Path directory : packages) {
            Path info = directory.resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).startsWith("/**")) {
                silent.add(directory.toString());
            }
        }
        assertThat(silent).as("packages without a described package-info.java").isEmpty();
    }

    @Test
    void noSourceHoldsABannedWord() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources()) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                for (Map.Entry<Pattern, String> banned : BANNED.entrySet()) {
                    if (banned.getKey().matcher(lines.get(i)).find()) {
                        found.add(source + ":" + (i + 1) + " " + lines.get(i).strip() + " -> " + banned.getValue());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void nothingUnexpectedLiesAtTheTopLevel() throws IOException {
        Set<String> unexpected = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of(""))) {
            entries.map(Path::toString).forEach(unexpected::add);
        }
        unexpected.removeAll(TOP_LEVEL);
        unexpected.removeAll(IGNORED_TOP_LEVEL);
        unexpected.removeIf(name -> name.endsWith(".log") || name.endsWith(".iml") || name.startsWith("hs_err_pid"));
        assertThat(unexpected)
                .as("entries that TidyTest.TOP_LEVEL does not know")
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>(sources(MAIN));
        all.addAll(sources(TESTS));
        for (Path root : BENCHMARKS) {
            all.addAll(sources(root));
        }
        return all;
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> longMethods() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<String> found = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions, found).scan(unit, null);
            }
            return found;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Collects the methods of one file that are too long. */
    private static final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;
        private String type = "";

        MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree node, @Nullable Void unused) {
            String outer = type;
            type = node.getSimpleName().toString();
            super.visitClass(node, null);
            type = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree node, @Nullable Void unused) {
            if (node.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long first = lines.getLineNumber(positions.getStartPosition(unit, node));
                long last = lines.getLineNumber(positions.getEndPosition(unit, node));
                if (last - first + 1 > METHOD_LINES_MOST) {
                    found.add(type + "." + node.getName() + " has " + (last - first + 1) + " lines");
                }
            }
            return super.visitMethod(node, null);
        }
    }
}
