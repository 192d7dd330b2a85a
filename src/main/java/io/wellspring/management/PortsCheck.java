package io.wellspring.management;

import io.wellspring.support.StartRefusedException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Tries every port that the settings name before anything is made. The network listens last, when the logs have recovered; a start whose
 * port is taken should not take that long to fail, and should not leave a new data directory behind. Between the try and the real
 * thing somebody else may take the port: then the network says the same.
 *
 * <p>Only tells of ports that are taken. Whatever else may be wrong with an address is found by the room it belongs to.
 */
final class PortsCheck implements BeanFactoryPostProcessor {
    private static final String DEFAULT_BIND = "127.0.0.1:9092";
    private static final int LISTENERS_MOST = 100;

    private final Environment environment;

    PortsCheck(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        for (int i = 0; i < LISTENERS_MOST; i++) {
            String property = "wellspring.network.listeners[" + i + "].bind";
            String bind = environment.getProperty(property, i == 0 ? DEFAULT_BIND : "");
            if (bind.isEmpty()) {
                return;
            }
            check(property, bind);
        }
    }

    private static void check(String property, String bind) {
        int colon = bind.lastIndexOf(':');
        String host =
                colon < 0 ? bind : bind.substring(0, colon).replace("[", "").replace("]", "");
        int port = port(bind.substring(colon + 1));
        if (port <= 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
        } catch (BindException e) {
            throw new StartRefusedException(
                    property + " is " + bind + ", which cannot be opened: " + e.getMessage() + ".",
                    "Stop the process that has the port, or choose another address with " + property
                            + " (port 0: any free one).",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            return;
        }
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
