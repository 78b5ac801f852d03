package io.memberlist.spring.boot.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name of a member that was given none: {@code application-host-port}. A fixed port makes the name stable, so that
 * a restarted application comes back as itself; a picked one is replaced by four random hexadecimal digits, so that two
 * instances on one machine never share a name.
 */
final class DefaultNodeName {
    private DefaultNodeName() {}

    static String of(String application, String bindAddress, int port) {
        String suffix = port == 0 ? HexFormat.of().toHexDigits((short) random()) : String.valueOf(port);
        // several members of one machine may share a port, each on an address of its own
        String address = isUsual(bindAddress) || port == 0 ? "" : bindAddress + "-";
        return application + "-" + hostName() + "-" + address + suffix;
    }

    /** {@return whether two names differ in nothing but what stands for the port} */
    static boolean isSameHost(String name, String other) {
        return name.equals(other)
                || name.substring(0, name.lastIndexOf('-') + 1).equals(other.substring(0, other.lastIndexOf('-') + 1));
    }

    private static int random() {
        return ThreadLocalRandom.current().nextInt(1 << 16);
    }

    /** Of these only one can have the port at a time. */
    private static boolean isUsual(String address) {
        return address.equals("0.0.0.0") || address.equals("::") || address.equals("127.0.0.1");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
