package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.MemberlistException;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.SeedLookup.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.7            |       | 10.0.0.7        | 7946",
                "10.0.0.7:1          |       | 10.0.0.7        | 1",
                "db.example.org      |       | db.example.org  | 7946",
                "db.example.org:65535|       | db.example.org  | 65535",
                "[::1]               |       | ::1             | 7946",
                "[::1]:8000          |       | ::1             | 8000",
                "::1                 |       | ::1             | 7946",
                "::                  |       | ::              | 7946",
                "1:2:3:4:5:6:7:8     |       | 1:2:3:4:5:6:7:8 | 7946",
                "1:2::7:8            |       | 1:2::7:8        | 7946",
                "::ffff:10.0.0.7     |       | ::ffff:10.0.0.7 | 7946",
                "fe80::1%eth0        |       | fe80::1%eth0    | 7946",
                "a/10.0.0.7          | a     | 10.0.0.7        | 7946",
                "a/10.0.0.7:8000     | a     | 10.0.0.7        | 8000",
                "a b:c/db:8000       | a b:c | db              | 8000",
                "a/[::1]:8000        | a     | ::1             | 8000",
                "a/::1               | a     | ::1             | 7946",
                "ns/pod-1/10.0.0.7   | ns/pod-1 | 10.0.0.7     | 7946",
                "/a//b/[::1]:8000    | /a//b | ::1             | 8000",
                "a://b/10.0.0.7      | a://b | 10.0.0.7      | 7946",
                "0123456789ab        |       | 0123456789ab    | 7946",
                "012345678901        |       | 012345678901    | 7946",
                "7.example           |       | 7.example       | 7946",
                "50 %:ü☺/10.0.0.7:1  | 50 %:ü☺ | 10.0.0.7      | 1",
                "'  10.0.0.7:8000 '  |       | 10.0.0.7        | 8000"
            })
    void readsEveryForm(String text, String name, String host, int port) {
        assertThat(SeedAddress.parse(text, 7946))
                .isEqualTo(new SeedAddress(name, new SeedLookup(Kind.HOST, host, port)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dns+db.example.org               |   | DNS     | db.example.org        | 7946",
                "dns+db.example.org:8000          |   | DNS     | db.example.org        | 8000",
                "dns+[::1]:8000                   |   | DNS     | ::1                   | 8000",
                "a/dns+db:8000                    | a | DNS     | db                    | 8000",
                "dnssrv+_gossip._tcp.example.org  |   | DNS_SRV | _gossip._tcp.example.org | 0",
                "dnssrv+_g._tcp.example.org:8000  |   | DNS_SRV | _g._tcp.example.org   | 8000",
                "dnssrvnoa+_g._tcp.example.org    |   | DNS_SRV | _g._tcp.example.org   | 0",
                "a/dnssrv+_g._tcp.example.org     | a | DNS_SRV | _g._tcp.example.org   | 0",
                "a+b/10.0.0.7                     | a+b | HOST  | 10.0.0.7              | 7946",
                "fe80::1%eth+0                    |   | HOST    | fe80::1%eth+0         | 7946"
            })
    void readsHowToLookUp(String text, String name, Kind kind, String host, int port) {
        assertThat(SeedAddress.parse(text, 7946)).isEqualTo(new SeedAddress(name, new SeedLookup(kind, host, port)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"          | the host is empty",
                "\"   \"       | the host is empty",
                ":8000         | the host is empty",
                "a/            | the host is empty",
                "a/:8000       | the host is empty",
                "[]            | the host is empty",
                "[]:8000       | the host is empty",
                "/10.0.0.7     | the member's name before '/' is empty",
                "http://seed   | it is a URL",
                "https://seed:7946/ | it is a URL",
                "a+b://10.0.0.7 | it is a URL",
                "[::1          | ']' is missing",
                "[::1]8000     | after ']' only ':port' may follow",
                "[::1]x:8000   | after ']' only ':port' may follow",
                "::1]:8000     | '[' is missing",
                "::1:7946      | it may be an IPv6 address with the port 7946, or one without a port: write [::1]:7946 or [::1:7946]",
                "a/fd00::7:7946 | it may be an IPv6 address with the port 7946, or one without a port: write [fd00::7]:7946 or [fd00::7:7946]",
                "host]         | '[' is missing",
                "host:         | '' is no port number",
                "host:http     | 'http' is no port number",
                "host:+80      | '+80' is no port number",
                "host:8 0      | '8 0' is no port number",
                "[::1]:        | '' is no port number",
                "[::1]:x       | 'x' is no port number",
                "host:0        | the port 0 is not between 1 and 65535",
                "host:65536    | the port 65536 is not between 1 and 65535",
                "host:99999999999 | the port 99999999999 is not between 1 and 65535",
                "host:-1       | '-1' is no port number",
                "dns+          | the host is empty",
                "dns+:8000     | the host is empty",
                "dnssrv+       | the host is empty",
                "+host         | '' before '+' is no kind of look-up",
                "srv+host:80   | 'srv' before '+' is no kind of look-up",
                "DNS+host:80   | 'DNS' before '+' is no kind of look-up",
                "dns+dns+host  | only one '+' may stand in it, after the kind of look-up",
                "dnssrv+::1    | '::1' is an address, and SRV records belong to a name",
                "not a seed:::: | 'not a seed::::' is neither an IP address nor a host name",
                "[not a seed::::]:8000 | 'not a seed::::' is neither an IP address nor a host name",
                "1:2:3         | '1:2:3' is neither an IP address nor a host name",
                "1:2:3:4:5:6:7:8:9 | '1:2:3:4:5:6:7:8:9' is neither an IP address nor a host name",
                "1:2:3:4::5:6:7:8  | '1:2:3:4::5:6:7:8' is neither an IP address nor a host name",
                "fe80::12345   | 'fe80::12345' is neither an IP address nor a host name",
                "::1::2        | '::1::2' is neither an IP address nor a host name",
                "not a seed    | 'not a seed' is neither an IP address nor a host name",
                "10.0.0.300    | '10.0.0.300' is no IPv4 address, which has four numbers from 0 to 255",
                "a/10.0.0:7946 | '10.0.0' is no IPv4 address, which has four numbers from 0 to 255",
                "10.0.0.7.9    | '10.0.0.7.9' is no IPv4 address, which has four numbers from 0 to 255",
                "7946          | '7946' is no IPv4 address, which has four numbers from 0 to 255",
                "${SEED}:7946  | '${SEED}' is neither an IP address nor a host name",
                "a,b           | 'a,b' is neither an IP address nor a host name",
                "dns+ host:80  | ' host' is neither an IP address nor a host name"
            })
    void saysWhatIsWrongAndHowItIsWritten(String text, String why) {
        assertThatThrownBy(() -> SeedAddress.parse(text, 7946))
                .isInstanceOf(MemberlistException.class)
                .hasMessage("'" + text + "' is no address to join: " + why
                        + "; use host, host:port, [v6]:port, dns+host:port or dnssrv+_service._tcp.domain, with or"
                        + " without name/ before it");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7:7946",
        "10.0.0.7:9000, 10.0.0.7:9000",
        "host.example, host.example:7946",
        "a/host.example, a/host.example:7946",
        "a/host.example:9000, a/host.example:9000",
        "[::1]:9000, [::1]:9000",
        "[::1], [::1]:7946",
        "::1, [::1]:7946",
        "::1:7946, ::1:7946",
        "a/fe80::1, a/[fe80::1]:7946",
        "dns+host.example, dns+host.example:7946",
        "a/dns+host.example:9000, a/dns+host.example:9000",
        "dnssrv+_g._tcp.example, dnssrv+_g._tcp.example",
        "a/dnssrvnoa+_g._tcp.example, a/dnssrvnoa+_g._tcp.example",
        "dnssrv+_g._tcp.example:9000, dnssrv+_g._tcp.example:9000",
    })
    void completesWhatHasNoPort(String seed, String completed) {
        assertThat(SeedAddress.withPort(seed, 7946)).isEqualTo(completed);
    }

    @ParameterizedTest
    @CsvSource({"9000, 9000", "0, 7946"})
    void othersAreExpectedAtTheConfiguredPortOrTheUsualOne(int bindPort, int expected) {
        MemberlistConfig config =
                MemberlistConfig.lan().network(n -> n.bindPort(bindPort)).build();

        assertThat(SeedAddress.defaultPort(config)).isEqualTo(expected);
    }
}
