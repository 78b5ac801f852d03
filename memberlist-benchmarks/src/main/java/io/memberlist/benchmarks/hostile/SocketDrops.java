package io.memberlist.benchmarks.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads from the kernel how many packets a socket lost since its program did not read them in time. */
final class SocketDrops {
    private static final Path TABLE = Path.of("/proc/net/udp");
    private static final int LOCAL_COLUMN = 1;

    private SocketDrops() {}

    /** {@return how many packets the socket at that address has lost since it was opened} */
    static long of(InetSocketAddress address) throws IOException {
        byte[] ip = address.getAddress().getAddress();
        String local =
                String.format(Locale.ROOT, "%02X%02X%02X%02X:%04X", ip[3], ip[2], ip[1], ip[0], address.getPort());
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns = line.trim().split("\\s+");
            if (columns[LOCAL_COLUMN].equals(local)) {
                return Long.parseLong(columns[columns.length - 1]);
            }
        }
        return 0;
    }
}
