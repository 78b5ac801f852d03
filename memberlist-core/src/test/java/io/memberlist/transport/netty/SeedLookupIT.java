package io.memberlist.transport.netty;

import static io.memberlist.testing.TestNameServer.address;
import static io.memberlist.testing.TestNameServer.alias;
import static io.memberlist.testing.TestNameServer.answer;
import static io.memberlist.testing.TestNameServer.code;
import static io.memberlist.testing.TestNameServer.resolvConf;
import static io.memberlist.testing.TestNameServer.service;
import static io.memberlist.transport.netty.TestTransports.failureOf;
import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.testing.TestNameServer;
import io.memberlist.testing.TestNameServer.Data;
import io.memberlist.testing.TestNameServer.Responder;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.SeedLookup.Kind;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Look-ups of seeds with name servers on loopback. */
@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Backends#all")
class SeedLookupIT {
    private static final Duration PLENTY = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(600);

    private final TestTransports network;
    private final Transport transport;

    @TempDir
    Path directory;

    SeedLookupIT(IoBackend io) {
        network = new TestTransports(io);
        transport = network.open();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private TestNameServer server(Responder responder) throws IOException {
        return network.nameServer("127.0.0.1", responder);
    }

    private CompletableFuture<List<InetSocketAddress>> lookUp(
            Kind kind, String name, int port, Duration timeout, TestNameServer... asked) throws IOException {
        String[] lines = new String[asked.length];
        for (int i = 0; i < asked.length; i++) {
            lines[i] = "nameserver " + asked[i].text();
        }
        return lookUp(new SeedLookup(kind, name, port), resolvConf(directory, lines), timeout);
    }

    private CompletableFuture<List<InetSocketAddress>> lookUp(SeedLookup seed, String file, Duration timeout) {
        CompletableFuture<CompletableFuture<List<InetSocketAddress>>> begun = new CompletableFuture<>();
        transport.eventLoop().execute(() -> begun.complete(transport.lookUp(seed, file, timeout.toNanos())));
        return get(begun);
    }

    private static InetSocketAddress[] addresses(int port, String... ips) {
        return IntStream.range(0, ips.length)
                .mapToObj(i -> new InetSocketAddress(ips[i], port))
                .toArray(InetSocketAddress[]::new);
    }

    @Test
    void addressRecordsOfBothFamiliesAreFound() throws IOException {
        TestNameServer server = server(q -> answer(q, address("10.0.0.2"), address("10.0.0.1"), address("fd00::1")));

        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .containsExactly(addresses(7946, "10.0.0.2", "10.0.0.1", "fd00::1"));
        assertThat(server.asked()).containsExactlyInAnyOrder("udp A db.example", "udp AAAA db.example");
    }

    @Test
    void anAnswerTooLongForAPacketIsFetchedOverTcp() throws IOException {
        Data[] records = IntStream.rangeClosed(1, 60)
                .mapToObj(i -> address("10.0.0." + i))
                .toArray(Data[]::new);
        TestNameServer server = server(q -> answer(q, records));

        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .hasSize(60)
                .contains(new InetSocketAddress("10.0.0.60", 7946));
        assertThat(server.asked())
                .containsExactlyInAnyOrder("udp A db.example", "tcp A db.example", "udp AAAA db.example");
    }

    @Test
    void aHostNameWithADotIsAskedForOverTcpFirst() throws IOException {
        Data[] records = IntStream.rangeClosed(1, 60)
                .mapToObj(i -> address("10.0.0." + i))
                .toArray(Data[]::new);
        TestNameServer server = server(q -> answer(q, records));

        assertThat(get(lookUp(Kind.HOST, "db.example", 7946, PLENTY, server))).hasSize(60);
        assertThat(server.asked()).containsExactlyInAnyOrder("tcp A db.example", "tcp AAAA db.example");
    }

    @Test
    void aNameServerThatDoesNotHelpLeavesAHostNameToThePlatform() throws IOException {
        // RFC 6761: nobody's platform knows a name below "invalid".
        TestNameServer closes = server(q -> null);
        assertThat(failureOf(lookUp(Kind.HOST, "db.invalid", 7946, PLENTY, closes)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("cannot resolve host 'db.invalid'");
        assertThat(closes.asked()).containsExactlyInAnyOrder("tcp A db.invalid", "tcp AAAA db.invalid");

        TestNameServer ignorant = server(q -> code(q, TestNameServer.NXDOMAIN));
        assertThat(get(lookUp(Kind.HOST, "localhost", 7946, PLENTY, ignorant)))
                .allMatch(found -> found.getAddress().isLoopbackAddress() && found.getPort() == 7946);
        assertThat(ignorant.asked()).isEmpty();
    }

    @Test
    void addressesNeedNoLookUp() throws IOException {
        TestNameServer server = server(q -> answer(q, address("10.0.0.1")));
        for (Kind kind : List.of(Kind.HOST, Kind.DNS)) {
            assertThat(get(lookUp(kind, "127.0.0.7", 1, PLENTY, server))).containsExactly(addresses(1, "127.0.0.7"));
            assertThat(get(lookUp(kind, "::1", 2, PLENTY, server))).containsExactly(addresses(2, "::1"));
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void withoutANameServerThePlatformIsAsked() throws IOException {
        String none = directory.resolve("missing").toString();

        assertThat(get(lookUp(new SeedLookup(Kind.DNS, "localhost", 7946), none, PLENTY)))
                .allMatch(found -> found.getAddress().isLoopbackAddress());
        assertThat(failureOf(lookUp(new SeedLookup(Kind.DNS_SRV, "_g._tcp.example", 0), none, PLENTY)))
                .isInstanceOf(TransportException.class)
                .hasMessage(
                        "cannot resolve 'dnssrv+_g._tcp.example': there is no name server to ask for SRV records in "
                                + none + "; add a line with 'nameserver' to it, or give host:port");
    }

    @Test
    void serviceRecordsLeadToAddressesAndPortsInTheOrderOfPriorityAndWeight() throws IOException {
        TestNameServer server = server(q -> switch (q.name()) {
            case "_g._tcp.example" ->
                answer(
                        q,
                        service(20, 0, 3, "c.example"),
                        service(10, 5, 2, "b.example"),
                        service(10, 50, 1, "a.example"),
                        service(10, 1, 9, "gone.example"));
            case "a.example" -> answer(q, address("10.0.0.1"), address("fd00::1"));
            case "b.example" -> answer(q, address("10.0.0.2"));
            case "c.example" -> answer(q, address("fd00::3"));
            default -> code(q, TestNameServer.NXDOMAIN);
        });
        InetSocketAddress[] all = {
            new InetSocketAddress("10.0.0.1", 1),
            new InetSocketAddress("fd00::1", 1),
            new InetSocketAddress("10.0.0.2", 2),
            new InetSocketAddress("fd00::3", 3)
        };

        assertThat(get(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, server)))
                .containsExactly(all);
        assertThat(get(lookUp(Kind.DNS_SRV, "_g._tcp.example", 80, PLENTY, server)))
                .extracting(InetSocketAddress::getPort)
                .containsOnly(80)
                .hasSize(4);
    }

    @Test
    void aServiceOfManyHostsIsFoundInOneGo() throws IOException {
        TestNameServer server = server(q -> q.name().startsWith("_")
                ? answer(
                        q,
                        IntStream.range(0, 100)
                                .mapToObj(i -> service(1, 1, 8000 + i, "host-" + i + ".example"))
                                .toArray(Data[]::new))
                : answer(q, address("10.0.0." + q.name().replaceAll("\\D", ""))));

        assertThat(get(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, server)))
                .hasSize(100)
                .contains(new InetSocketAddress("10.0.0.99", 8099));
    }

    @Test
    void aServiceWithoutRecordsNamesTheSeedTheServerAndTheRemedy() throws IOException {
        TestNameServer server = server(q -> code(q, TestNameServer.NXDOMAIN));
        TestNameServer empty = server(q -> answer(q));
        TestNameServer notOffered = server(q -> answer(q, service(0, 0, 0, "")));
        String remedy = "; check the name, or give host:port";

        assertThat(failureOf(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, server)))
                .isInstanceOf(TransportException.class)
                .hasMessage("cannot resolve 'dnssrv+_g._tcp.example': name server " + server.text()
                        + " has no SRV records of _g._tcp.example (NXDomain(3))" + remedy);
        assertThat(failureOf(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, empty)))
                .hasMessage("cannot resolve 'dnssrv+_g._tcp.example': name server " + empty.text()
                        + " has no SRV records of _g._tcp.example (NoError(0))" + remedy);
        assertThat(failureOf(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, notOffered)))
                .hasMessageContaining("has no SRV records");
        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 80, PLENTY, server)))
                .hasMessage("cannot resolve 'dns+db.example': name server " + server.text()
                        + " has no A or AAAA records of db.example (NXDomain(3))" + remedy);
    }

    @Test
    void aServiceWhoseHostsAreUnknownSaysWhichAndWhy() throws IOException {
        TestNameServer server =
                server(q -> q.name().startsWith("_") ? answer(q, service(1, 1, 7946, "a.example")) : code(q, 3));

        assertThat(failureOf(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, server)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("none of the 1 hosts in its SRV records can be joined; the first is 'a.example.'")
                .hasMessageContaining("has no A or AAAA records of a.example.");
    }

    @Test
    void anotherServerIsAskedWhereOneFails() throws IOException {
        TestNameServer failing = server(q -> code(q, TestNameServer.SERVFAIL));
        TestNameServer garbage = server(q -> new byte[] {1, 2, 3});
        TestNameServer good = server(q -> answer(q, address("10.0.0.1")));

        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, failing, garbage, good)))
                .containsExactly(addresses(7946, "10.0.0.1"));
        assertThat(failing.asked()).hasSize(2);
        assertThat(garbage.asked()).hasSize(2);
    }

    @Test
    void oneFamilyIsEnough() throws IOException {
        TestNameServer server = server(q -> q.typeName().equals("A") ? answer(q, address("10.0.0.1")) : code(q, 2));

        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .containsExactly(addresses(7946, "10.0.0.1"));
    }

    @Test
    void whatGoesWrongIsNamedWithTheServerAndTheQuestion() throws IOException {
        TestNameServer failing = server(q -> code(q, TestNameServer.SERVFAIL));
        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, PLENTY, failing)))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("cannot resolve 'dns+db.example': name server " + failing.text()
                        + " was asked for the A records of 'db.example.' over UDP: it answered ServFail(2); check the"
                        + " name and the name servers in ")
                .hasMessageEndingWith(", or give host:port");

        TestNameServer garbage = server(q -> new byte[] {1, 2, 3});
        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, PLENTY, garbage)))
                .hasMessageContaining("over UDP: its answer is malformed");

        // An address of three bytes, a service of two, and a name that points at itself.
        for (Data bad : List.of(new Data(1, new byte[3]), new Data(33, new byte[2]))) {
            TestNameServer bent = server(q -> answer(q, bad));
            Kind kind = bad.type() == 1 ? Kind.DNS : Kind.DNS_SRV;
            assertThat(failureOf(lookUp(kind, "db.example", 7946, PLENTY, bent)))
                    .hasMessageContaining("its answer is malformed");
        }
        TestNameServer loop = server(q -> answer(q, new Data(33, new byte[] {0, 0, 0, 0, 0, 9, (byte) 0xc0, 12})));
        assertThat(failureOf(lookUp(Kind.DNS_SRV, "_g._tcp.example", 0, PLENTY, loop)))
                .hasMessageContaining("'_g._tcp.example.'");
    }

    @Test
    void aServerThatClosesTcpIsNamed() throws IOException {
        Data[] many = IntStream.rangeClosed(1, 60)
                .mapToObj(i -> address("10.0.0." + i))
                .toArray(Data[]::new);
        TestNameServer server = server(q -> q.overTcp() ? null : answer(q, many));

        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .hasMessageContaining("over TCP: it closed the connection without an answer");
    }

    @Test
    void aPortThatIsClosedIsNamed() throws IOException {
        TestNameServer gone = server(q -> null);
        gone.close();

        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, PLENTY, gone)))
                .hasMessageContaining("name server " + gone.text())
                .hasMessageContaining("over UDP: Connection refused");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpInTime() throws IOException {
        CompletableFuture<Void> never = new CompletableFuture<>();
        TestNameServer silent = server(q -> {
            if (q.overTcp()) {
                never.join();
            }
            return null;
        });
        for (Kind kind : List.of(Kind.DNS, Kind.DNS_SRV)) {
            assertThat(failureOf(lookUp(kind, "db.example", 7946, SHORT, silent)))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("name server " + silent.text())
                    .hasMessageContaining("no answer within");
        }
        assertThat(failureOf(lookUp(Kind.HOST, "db.invalid", 7946, SHORT, silent)))
                .hasMessageContaining("db.invalid");
        await().until(() -> silent.asked().stream()
                        .filter(query -> query.equals("udp A db.example"))
                        .count()
                >= 2);
        never.complete(null);
    }

    @Test
    void anAnswerToAnotherQuestionIsPassedOver() throws IOException {
        TestNameServer forger = server(q -> {
            byte[] answer = answer(q, address("10.6.6.6"));
            answer[1] ^= 1;
            return answer;
        });

        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, SHORT, forger)))
                .hasMessageContaining("no answer within");
    }

    @Test
    void anAliasIsFollowed() throws IOException {
        TestNameServer server = server(
                q -> q.name().equals("db.example") ? answer(q, alias("real.example")) : answer(q, address("10.0.0.1")));
        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .containsExactly(addresses(7946, "10.0.0.1"));

        TestNameServer circle = server(q -> answer(q, alias("db.example")));
        assertThat(failureOf(lookUp(Kind.DNS, "db.example", 7946, PLENTY, circle)))
                .hasMessageContaining("has no A or AAAA records");
    }

    @Test
    void shortNamesAreLookedForInTheSearchDomains() throws IOException {
        TestNameServer server = server(q ->
                q.name().equals("db.ns.example") ? answer(q, address("10.0.0.1")) : code(q, TestNameServer.NXDOMAIN));
        String file = resolvConf(directory, "nameserver " + server.text(), "search x.example ns.example");

        assertThat(get(lookUp(new SeedLookup(Kind.DNS, "db", 7946), file, PLENTY)))
                .containsExactly(addresses(7946, "10.0.0.1"));
        assertThat(failureOf(lookUp(new SeedLookup(Kind.DNS, "no", 7946), file, PLENTY)))
                .hasMessageContaining("no.x.example, no.ns.example, no");
    }

    @Test
    void aNameThatIsNoneIsRefused() throws IOException {
        TestNameServer server = server(q -> code(q, TestNameServer.NXDOMAIN));
        String tooLong = "a".repeat(64) + ".example";
        for (String name : List.of(tooLong, "a..example", "abcdefgh.".repeat(30) + "example")) {
            assertThat(failureOf(lookUp(Kind.DNS, name, 7946, PLENTY, server)))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("it is no domain name");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aNameServerOnIpv6IsAsked() throws IOException {
        TestTransports.assumeIpv6();
        TestNameServer server = network.nameServer("::1", q -> answer(q, address("fd00::1")));

        assertThat(get(lookUp(Kind.DNS, "db.example", 7946, PLENTY, server)))
                .containsExactly(addresses(7946, "fd00::1"));
        assertThat(get(lookUp(Kind.HOST, "db.example", 7946, PLENTY, server)))
                .containsExactly(addresses(7946, "fd00::1"));
    }

    @Test
    void aZoneIsKeptAndAnUnknownOneNamed() throws IOException {
        TestNameServer server = server(q -> null);
        // The platform knows a zone by name only where the interface has a link-local address; by number always.
        assertThat(get(lookUp(Kind.HOST, "fe80::1%1", 7946, PLENTY, server)))
                .extracting(found -> ((Inet6Address) found.getAddress()).getScopeId())
                .containsExactly(1);
        assertThat(failureOf(lookUp(Kind.HOST, "fe80::1%nowhere9", 7946, PLENTY, server)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("fe80::1%nowhere9")
                .hasMessageContaining("interface");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aCancelledLookUpClosesItsSockets() throws IOException {
        CompletableFuture<Void> never = new CompletableFuture<>();
        TestNameServer silent = server(q -> {
            never.join();
            return null;
        });
        CompletableFuture<List<InetSocketAddress>> lookUp = lookUp(Kind.HOST, "db.example", 7946, PLENTY, silent);
        await().until(() -> silent.asked().size() == 2);

        lookUp.cancel(false);
        never.complete(null);

        assertThat(lookUp).isCancelled();
        await().until(() -> !silent.hasConnections());
    }

    @Test
    void closingTheTransportEndsLookUps() throws IOException {
        TestNameServer silent = server(q -> null);
        Function<Kind, CompletableFuture<List<InetSocketAddress>>> begin = kind -> {
            try {
                return lookUp(kind, "db.example", 7946, PLENTY, silent);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        List<CompletableFuture<List<InetSocketAddress>>> underWay =
                List.of(begin.apply(Kind.DNS), begin.apply(Kind.DNS_SRV));
        await().until(() -> silent.asked().size() >= 3);

        get(transport.close());

        assertThat(underWay)
                .allSatisfy(lookUp -> assertThat(failureOf(lookUp))
                        .isInstanceOf(TransportException.class)
                        .hasMessageContaining("the transport is closed"));
    }
}
