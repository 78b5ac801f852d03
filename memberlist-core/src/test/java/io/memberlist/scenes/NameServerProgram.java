package io.memberlist.scenes;

import io.memberlist.testing.TestNameServer;
import io.memberlist.testing.TestNameServer.Data;
import io.memberlist.testing.TestNameServer.Query;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A name server in a process of its own, which knows one name. Its arguments are its address, its port, that name,
 * {@code servfail=SUFFIX} (names that end so fail), and {@code drop-aaaa} (nobody answers AAAA questions). Each line of
 * standard input has the addresses of the name from then on, separated by blanks.
 */
final class NameServerProgram {
    private NameServerProgram() {}

    public static void main(String[] arguments) throws IOException {
        AtomicReference<List<Data>> records = new AtomicReference<>(List.of());
        TestNameServer server = new TestNameServer(
                InetAddress.getByName(arguments[0]),
                Integer.parseInt(arguments[1]),
                query -> respond(arguments, query, records.get()));
        System.out.println("= ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<Data> next = new ArrayList<>();
            for (String address : line.split(" ")) {
                next.add(TestNameServer.address(address));
            }
            records.set(next);
            System.out.println("= " + line);
        }
        server.close();
        System.exit(0);
    }

    private static byte @Nullable [] respond(String[] arguments, Query query, List<Data> records) {
        String name = query.name().toLowerCase(Locale.ROOT);
        for (String argument : arguments) {
            if (argument.equals("drop-aaaa") && query.typeName().equals("AAAA")) {
                return null;
            }
            if (argument.startsWith("servfail=") && name.endsWith(argument.substring("servfail=".length()))) {
                return TestNameServer.code(query, TestNameServer.SERVFAIL);
            }
        }
        return name.equals(arguments[2])
                ? TestNameServer.answer(query, records.toArray(Data[]::new))
                : TestNameServer.code(query, TestNameServer.NXDOMAIN);
    }
}
