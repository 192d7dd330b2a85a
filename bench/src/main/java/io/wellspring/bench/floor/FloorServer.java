package io.wellspring.bench.floor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The least that a process can do for the same bytes, on one thread: reads produce frames from sockets, checks the CRC of each batch, appends it to a
 * file, syncs the file if asked to (once for all that came together) and answers; answers a fetch with a header and the file, handed to the socket by
 * the kernel. It knows no topics, offsets, indexes or limits, and nothing survives a crash on purpose.
 */
public final class FloorServer {
    private static final int BACKLOG = 1024;
    /** How often fetches that wait at the end of a file look again; appends wake them at once. */
    private static final long SELECT_MOST_MS = 100;

    private final Selector selector;
    private final FloorFiles files;
    private final boolean isSynced;
    private final List<FloorConnection> connections = new ArrayList<>();

    private FloorServer(Selector selector, FloorFiles files, boolean isSynced) {
        this.selector = selector;
        this.files = files;
        this.isSynced = isSynced;
    }

    /** Arguments: port, directory, whether it syncs before it answers. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), BACKLOG);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT, server);
            new FloorServer(selector, new FloorFiles(directory), Boolean.parseBoolean(arguments[2])).serve();
        }
    }

    private void serve() throws IOException {
        while (true) {
            selector.select(SELECT_MOST_MS);
            Set<SelectionKey> ready = selector.selectedKeys();
            for (SelectionKey key : ready) {
                if (key.attachment() instanceof ServerSocketChannel server) {
                    accept(server);
                } else if (key.isReadable()) {
                    ((FloorConnection) key.attachment()).read();
                }
            }
            ready.clear();
            if (isSynced) {
                files.sync();
            }
            answer();
        }
    }

    private void answer() throws IOException {
        for (Iterator<FloorConnection> each = connections.iterator(); each.hasNext(); ) {
            if (!each.next().answer()) {
                each.remove();
            }
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        FloorConnection connection = new FloorConnection(channel, key, files);
        key.attach(connection);
        connections.add(connection);
    }
}
