package io.memberlist.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameServersTest {
    @ParameterizedTest
    @CsvSource({
        "nameserver 10.0.0.1, 10.0.0.1, 53",
        "nameserver 127.0.0.1:5353, 127.0.0.1, 5353",
        "nameserver [::1]:53, ::1, 53",
        "nameserver [::1]:5353, ::1, 5353",
        "nameserver [::1], ::1, 53",
        "nameserver ::1, ::1, 53",
        "'  nameserver\t10.0.0.1 # the first', 10.0.0.1, 53",
    })
    void readsServersWithAndWithoutAPort(String line, String ip, int port) {
        assertThat(NameServers.parse(List.of(line)).addresses()).containsExactly(new InetSocketAddress(ip, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nameserver",
                "# nameserver 10.0.0.1",
                "; nameserver 10.0.0.1",
                "nameserver dns.example.org",
                "nameserver 10.0.0.1:0",
                "nameserver 10.0.0.1:65536",
                "nameserver 10.0.0.1:",
                "nameserver 10.0.0.1:x",
                "nameserver [::1",
                "nameserver 10.0.0",
                "server 10.0.0.1"
            })
    void passesOverWhatNamesNoServer(String line) {
        assertThat(NameServers.parse(List.of(line)).addresses()).isEmpty();
    }

    @Test
    void threeServersAreEnough() {
        assertThat(NameServers.parse(List.of(
                                "nameserver 10.0.0.1",
                                "nameserver 10.0.0.2",
                                "nameserver 10.0.0.3",
                                "nameserver 10.0.0.4"))
                        .addresses())
                .extracting(address -> address.getAddress().getHostAddress())
                .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    @ParameterizedTest
    @CsvSource({
        // ndots, name, full names in order
        "1, db, db.ns.example db.example db",
        "1, db.ns, db.ns db.ns.ns.example db.ns.example",
        "5, db.ns, db.ns.ns.example db.ns.example db.ns",
        "5, db.ns., db.ns",
        "1, DB.Example., DB.Example"
    })
    void completesNamesAsThePlatformDoes(int ndots, String name, String full) {
        NameServers servers =
                NameServers.parse(List.of("search ns.example .example.", "options timeout:1 ndots:" + ndots));

        assertThat(servers.fullNames(name)).containsExactly(full.split(" "));
    }

    @Test
    void theLastSearchLineCounts() {
        NameServers servers = NameServers.parse(List.of("domain a.example", "search b.example", "options ndots:99999"));

        assertThat(servers.search()).containsExactly("b.example");
        assertThat(servers.ndots()).isEqualTo(1);
    }

    @Test
    void aFileThatCannotBeReadNamesNone(@TempDir Path directory) throws IOException {
        assertThat(NameServers.read(directory.resolve("missing").toString()).addresses())
                .isEmpty();
        assertThat(NameServers.read(directory.toString()).addresses()).isEmpty();
        assertThat(NameServers.read("\0").addresses()).isEmpty();

        Path file = directory.resolve("resolv.conf");
        Files.write(file, "# M\u00fcnchen\nnameserver 10.0.0.1".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(NameServers.read(file.toString()).addresses()).hasSize(1);
    }
}
