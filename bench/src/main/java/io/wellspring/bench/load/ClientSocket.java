package io.wellspring.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Sockets as Kafka's clients make them. Their buffers count: with those that the system would choose, a consumer on the same machine is given several MB at
 * once and keeps a processor for some ms.
 */
final class ClientSocket {
    private static final int KIB = 1024;

    private ClientSocket() {}

    /** {@code send.buffer.bytes} and {@code receive.buffer.bytes} of a client, by their defaults. */
    enum Kind {
        PRODUCER(128 * KIB, 32 * KIB),
        CONSUMER(128 * KIB, 64 * KIB);

        private final int sendBytes;
        private final int receiveBytes;

        Kind(int sendBytes, int receiveBytes) {
            this.sendBytes = sendBytes;
            this.receiveBytes = receiveBytes;
        }
    }

    /** Connects. */
    static SocketChannel open(Kind kind, InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            // Before it connects: the window's scale is agreed on then.
            channel.setOption(StandardSocketOptions.SO_SNDBUF, kind.sendBytes);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, kind.receiveBytes);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(address);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
