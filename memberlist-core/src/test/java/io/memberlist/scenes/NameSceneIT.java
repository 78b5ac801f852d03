package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that find each other by name, on hosts with a name server of their own. */
@Execution(ExecutionMode.CONCURRENT)
class NameSceneIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String NAME = "cluster.test";

    @Test
    void whoLostAllItsPeersFindsTheirReplacements() throws IOException {
        try (HostNetwork network = HostNetwork.of(6)) {
            Names names = new Names(network.host(6), network.hosts().subList(0, 5));
            names.are(1, 2, 3);
            MemberProcess one = member(network, 1, "dns+" + NAME);
            MemberProcess two = member(network, 2, "dns+" + NAME);
            MemberProcess three = member(network, 3, "dns+" + NAME);
            one.awaitMembers(SOON, "m1", "m2", "m3");

            network.cut(network.hosts().subList(0, 1), network.hosts().subList(1, 6));
            two.kill();
            three.kill();
            one.awaitMembers(SOON.multipliedBy(2), "m1");
            names.are(4, 5);
            MemberProcess four = member(network, 4, "dns+" + NAME);
            MemberProcess five = member(network, 5, "dns+" + NAME);
            four.awaitMembers(SOON, "m4", "m5");
            List.of(four, five).forEach(member -> member.awaitLine("! join", SOON));
            names.are(1, 4, 5);
            network.heal();

            List.of(one, four, five).forEach(member -> member.awaitMembers(SOON, "m1", "m4", "m5"));
        }
    }

    /** The search domain's servers are broken, so every short form of the name fails, and nobody answers AAAA questions. */
    @ParameterizedTest
    @ValueSource(strings = {"dns+" + NAME, NAME})
    void aBrokenSearchDomainAndAaaaQuestionsThatNobodyAnswersDoNoHarm(String seed) throws IOException {
        try (HostNetwork network = HostNetwork.of(3)) {
            Names names =
                    new Names(network.host(3), network.hosts().subList(0, 2), "servfail=broken.corp", "drop-aaaa");
            names.are(1, 2);

            MemberProcess one = member(network, 1, seed);
            MemberProcess two = member(network, 2, seed);

            List.of(one, two).forEach(member -> member.awaitMembers(Duration.ofSeconds(10), "m1", "m2"));
        }
    }

    private static MemberProcess member(HostNetwork network, int host, String seed) {
        return network.host(host).member("m" + host, "seed=" + seed);
    }

    /** The name server of some hosts. */
    private static final class Names {
        private final Writer in;
        private final BufferedReader out;

        Names(Host server, List<Host> clients, String... more) throws IOException {
            List<String> arguments = new ArrayList<>(List.of(server.address(), "53", NAME));
            arguments.addAll(List.of(more));
            Process process = server.startJava(NameServerProgram.class, arguments);
            in = process.outputWriter(StandardCharsets.UTF_8);
            out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("= ready");
            clients.forEach(client -> client.etc(
                    "resolv.conf", "nameserver " + server.address() + "\nsearch broken.corp\noptions ndots:5\n"));
        }

        /** Changes the hosts that the name stands for. */
        void are(int... hosts) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int host : hosts) {
                line.append(line.isEmpty() ? "" : " ").append("10.77.0.").append(host);
            }
            in.write(line + "\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo("= " + line);
        }
    }
}
