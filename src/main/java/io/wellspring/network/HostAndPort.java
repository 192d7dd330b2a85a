package io.wellspring.network;

import io.wellspring.support.StartRefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as it stands in a settings file: {@code host:port}, IPv6 addresses in brackets.
 *
 * @param host without brackets
 * @param port 0 to 65535
 */
record HostAndPort(String host, int port) {
    /** @throws StartRefusedException if it is not an address; the message names the property */
    static HostAndPort parse(String property, String value) {
        HostAndPort parsed = parseWithOptionalPort(property, value);
        if (!value.stripTrailing().matches(".*:\\d+")) {
            throw refused(property, value);
        }
        return parsed;
    }

    /** The same, with port 0 where there is none. */
    static HostAndPort parseWithOptionalPort(String property, String value) {
        String text = value.strip();
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > bracket;
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw refused(property, value);
        }
        int port = hasPort ? port(property, value, text.substring(colon + 1)) : 0;
        if (host.isBlank() || port < 0 || port > 65535) {
            throw refused(property, value);
        }
        return new HostAndPort(host, port);
    }

    private static int port(String property, String value, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw refused(property, value);
        }
    }

    /** True if only this machine can reach it. A name that cannot be resolved is not a loopback. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** True if it means every address of the machine. */
    boolean isWildcard() {
        return host.equals("0.0.0.0") || host.matches("[0:]+");
    }

    /** Resolves the host. */
    InetSocketAddress resolve(String property) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartRefusedException(
                    property + " is " + this + ", whose host is unknown.", "Set it to an address of this machine.");
        }
        return address;
    }

    private static StartRefusedException refused(String property, String value) {
        return new StartRefusedException(
                property + " is " + value + ", which is not an address.",
                "Write host:port, such as 127.0.0.1:9092 or [::1]:9092.");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
