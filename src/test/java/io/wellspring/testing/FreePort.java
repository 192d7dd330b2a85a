package io.wellspring.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** An address for a broker that is started again and again while its clients stay. */
public final class FreePort {
    /** Below the range from which a client's own end of a connection is taken. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 30_000;

    private FreePort() {}

    /** {@code host:port} that nobody uses now. */
    public static String forAllRestarts(SplittableRandom random) throws IOException {
        while (true) {
            int port = random.nextInt(LOWEST, HIGHEST);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return "127.0.0.1:" + port;
            } catch (BindException taken) {
                System.out.println("port " + port + " is taken");
            }
        }
    }
}
