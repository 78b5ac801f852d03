package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.HostName;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the default name of a member: {@code application-host-port}. A fixed port makes the name stable, so that a restarted
 * application comes back as the same member. Four random hexadecimal digits stand for a port that is picked, so that two
 * instances on one machine never share a name. The host is {@link HostName#ofThisMachine()}: as the kernel calls it, or a
 * random one where the kernel's name tells no machines apart.
 */
final class DefaultNodeName {
    private DefaultNodeName() {}

    static String of(String application, String bindAddress, int port) {
        String suffix = port == 0
                ? HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt())
                : String.valueOf(port);
        // several members on one machine can share a port if each has an address of its own
        String address = isUsual(bindAddress) || port == 0 ? "" : bindAddress + "-";
        return application + "-" + HostName.ofThisMachine() + "-" + address + suffix;
    }

    /** {@return whether two names are the same up to the port} */
    static boolean isSameHost(String name, String other) {
        return name.equals(other)
                || name.substring(0, name.lastIndexOf('-') + 1).equals(other.substring(0, other.lastIndexOf('-') + 1));
    }

    /** Only one member on a machine can have a port of these addresses. */
    private static boolean isUsual(String address) {
        return address.equals("0.0.0.0") || address.equals("::") || address.equals("127.0.0.1");
    }
}
