package io.memberlist.transport.netty;

import static io.memberlist.testing.TestNameServer.address;
import static io.memberlist.testing.TestNameServer.answer;
import static io.memberlist.testing.TestNameServer.code;
import static io.memberlist.testing.TestNameServer.resolvConf;
import static io.memberlist.transport.netty.TestTransports.failureOf;
import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.testing.TestNameServer;
import io.memberlist.testing.TestNameServer.Responder;
import io.memberlist.transport.SeedLookup;
import io.memberlist.transport.SeedLookup.Kind;
import io.memberlist.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups where name servers fail for some names, or answer only some questions. */
class PatientLookupIT {
    private static final Duration PLENTY = Duration.ofSeconds(20);

    private final TestTransports network = new TestTransports(IoBackend.best());
    private final Transport transport = network.open();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        network.close();
    }

    private TestNameServer server(Responder responder) throws IOException {
        return network.nameServer("127.0.0.1", responder);
    }

    private CompletableFuture<List<InetSocketAddress>> lookUp(
            Kind kind, String name, TestNameServer asked, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("nameserver " + asked.text()));
        lines.addAll(List.of(more));
        String file = resolvConf(directory, lines.toArray(String[]::new));
        CompletableFuture<CompletableFuture<List<InetSocketAddress>>> begun = new CompletableFuture<>();
        transport
                .eventLoop()
                .execute(() ->
                        begun.complete(transport.lookUp(new SeedLookup(kind, name, 7946), file, PLENTY.toNanos())));
        return get(begun);
    }

    @ParameterizedTest
    @ValueSource(ints = {TestNameServer.SERVFAIL, TestNameServer.NXDOMAIN, 5})
    void aSearchDomainThatFailsIsPassedOver(int failure) throws IOException {
        TestNameServer server =
                server(q -> q.name().equals("db.example") ? answer(q, address("10.0.0.1")) : code(q, failure));

        assertThat(get(lookUp(Kind.DNS, "db.example", server, "search broken.corp", "options ndots:5")))
                .containsExactly(new InetSocketAddress("10.0.0.1", 7946));
    }

    @Test
    void aSearchDomainThatNobodyAnswersForLeavesTimeForTheOthers() throws IOException {
        TestNameServer server = server(q -> q.name().equals("db.example") ? answer(q, address("10.0.0.1")) : null);

        assertThat(get(lookUp(
                        Kind.DNS, "db.example", server, "search broken.corp", "options ndots:5 timeout:1 attempts:1")))
                .containsExactly(new InetSocketAddress("10.0.0.1", 7946));
        assertThat(server.asked())
                .filteredOn("udp A db.example.broken.corp"::equals)
                .hasSize(1);
    }

    @Test
    void theFailureOfAllNamesIsTold() throws IOException {
        TestNameServer server =
                server(q -> code(q, q.name().equals("db.example") ? TestNameServer.NXDOMAIN : TestNameServer.SERVFAIL));

        assertThat(failureOf(lookUp(Kind.DNS, "db.example", server, "search broken.corp", "options ndots:5")))
                .hasMessageContaining("ServFail(2)")
                .hasMessageContaining("db.example.broken.corp");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DNS", "HOST"})
    void aFamilyThatNobodyAnswersForDoesNotUseUpTheTime(Kind kind) throws IOException {
        CompletableFuture<Void> never = new CompletableFuture<>();
        TestNameServer server = server(q -> {
            if (q.typeName().equals("AAAA")) {
                if (q.overTcp()) {
                    never.join();
                }
                return null;
            }
            return answer(q, address("10.0.0.1"));
        });

        assertThat(get(lookUp(kind, "db.example", server).orTimeout(3, TimeUnit.SECONDS)))
                .containsExactly(new InetSocketAddress("10.0.0.1", 7946));
        never.complete(null);
    }

    @Test
    void oneFamilyAloneIsAskedForWhereTheFileSaysSo() throws IOException {
        TestNameServer server = server(q -> answer(q, address("10.0.0.1"), address("fd00::1")));

        assertThat(get(lookUp(Kind.DNS, "db.example", server, "options no-aaaa use-vc")))
                .containsExactly(new InetSocketAddress("10.0.0.1", 7946));
        assertThat(server.asked()).containsExactly("tcp A db.example");
    }

    @Test
    void theServerThatAnsweredIsAskedFirstNextTime() throws IOException {
        TestNameServer silent = server(q -> null);
        TestNameServer good = server(q -> answer(q, address("10.0.0.1"), address("fd00::1")));
        String[] more = {"nameserver " + good.text(), "options timeout:1"};
        get(lookUp(Kind.DNS, "db.example", silent, more));
        int before = silent.asked().size();

        get(lookUp(Kind.DNS, "db.example", silent, more));

        assertThat(before).isPositive();
        assertThat(silent.asked()).hasSize(before);
    }

    @Test
    void aPlainNameIsAskedOfTheNameServersWhereThePlatformIsSlow() throws IOException {
        TestNameServer server =
                server(q -> q.name().equals("db.ns.example") ? answer(q, address("10.0.0.1")) : code(q, 3));

        // Nobody's platform knows the name, and says so at once or after a while.
        CompletableFuture<List<InetSocketAddress>> found = lookUp(Kind.HOST, "db", server, "search ns.example");

        assertThat(found.handle((addresses, failure) ->
                        failure == null ? addresses.get(0).getAddress().getHostAddress() : "unknown to the platform"))
                .succeedsWithin(PLENTY)
                .isIn("10.0.0.1", "unknown to the platform");
    }

    @Test
    void anAnswerOfThousandsOfAddressesIsBounded() throws IOException {
        TestNameServer server = server(q -> answer(
                q,
                IntStream.range(0, 3000)
                        .mapToObj(i -> address("10.1." + i / 250 + "." + i % 250))
                        .toArray(TestNameServer.Data[]::new)));

        assertThat(get(lookUp(Kind.DNS, "db.example", server))).hasSize(1024);
    }
}
