package io.wellspring.bench.broker;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * How many bytes the threads of another JVM have taken from its heap, those that have ended included: the JVM counts them itself, so that the figure
 * needs no collection and is the same for every program. Asking costs the other side about 100 KB.
 */
final class Allocation implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;

    private Allocation(JMXConnector connector, ThreadMXBean threads) {
        this.connector = connector;
        this.threads = threads;
    }

    static Allocation of(long pid) throws IOException {
        String url;
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                url = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " lets nobody attach", e);
        }
        JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        return new Allocation(connector, threads);
    }

    long bytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The other side may be gone already: then there is nothing left to close.
            return;
        }
    }
}
