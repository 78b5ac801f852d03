package io.memberlist.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.spring.boot.autoconfigure.MemberlistAutoConfiguration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

class MemberlistTestNetworkTest {
    private final MemberlistTestNetwork network = new MemberlistTestNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void applicationsOnOneNetworkFormAClusterWithoutAPort() {
        try (ConfigurableApplicationContext a = application("a")) {
            ConfigurableApplicationContext b = application("b");
            Memberlist inA = a.getBean(Memberlist.class);
            Memberlist inB = b.getBean(Memberlist.class);
            await().until(() -> inA.numMembers() == 2 && inB.numMembers() == 2);
            assertThat(network.everybody()).hasSize(2);

            b.close();

            await().until(() -> state(inA, "b") == MemberState.LEFT);
        }
        await().until(() -> network.everybody().isEmpty());
    }

    @Test
    void theTransportOfTheApplicationsFilesIsNotUsed() {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("memberlist.transport.type=tls", "memberlist.ssl.bundle=cluster")
                .initializers(network)
                .run("--memberlist.node-name=a")) {
            Memberlist b = network.start("b");

            assertThat(b.numMembers()).isEqualTo(2);
            assertThat(application.getBean(Memberlist.class).transport()).isNotEqualTo("tls");
        }
    }

    @Test
    void aNetworkKnowsNothingOfAnother() {
        try (MemberlistTestNetwork elsewhere = new MemberlistTestNetwork()) {
            Memberlist a = network.start("a");
            Memberlist b = elsewhere.start("b");

            assertThat(a.localMember().address()).isEqualTo(b.localMember().address());
            assertThat(a.numMembers()).isEqualTo(1);
        }
    }

    @Test
    void whoFailsIsFoundDeadAndComesBackWhenHealed() {
        Memberlist a = network.start("a");
        Memberlist b = network.start("b");
        Memberlist c = network.start("c");
        await().until(() -> a.numMembers() == 3 && b.numMembers() == 3);

        network.fail(c);
        await().until(() -> state(a, "c") == MemberState.DEAD && state(b, "c") == MemberState.DEAD);

        network.heal();
        await().until(() -> a.numMembers() == 3 && b.numMembers() == 3 && c.numMembers() == 3);
    }

    @Test
    void theTwoSidesOfACutAreClustersOfTheirOwn() {
        Memberlist a = network.start("a");
        Memberlist b = network.start("b");
        Memberlist c = network.start("c");
        await().until(() -> a.numMembers() == 3 && b.numMembers() == 3 && c.numMembers() == 3);

        network.isolate(a, b);

        await().until(() -> a.numMembers() == 2 && b.numMembers() == 2 && c.numMembers() == 1);
        assertThat(state(a, "b")).isEqualTo(MemberState.ALIVE);
    }

    @Test
    void aCutBetweenTwoIsBridgedByTheThird() {
        Memberlist a = network.start("a");
        Memberlist b = network.start("b");
        network.start("c");
        await().until(() -> a.numMembers() == 3 && b.numMembers() == 3);

        network.cut(a, b);

        assertThat(a.ping("b", b.localMember().address())).failsWithin(java.time.Duration.ofSeconds(5));
        // the indirect ping through the third member gets its answer
        assertThat(a.numMembers()).isEqualTo(3);
    }

    @Test
    void streamsKeepTheirOrderAndLargeMessagesArriveWhole() {
        List<Integer> received = new CopyOnWriteArrayList<>();
        Memberlist a = network.start("a");
        Memberlist b =
                network.start("b", config -> config.delegates(d -> d.message(message -> received.add(message.length))));
        int[] sizes = IntStream.rangeClosed(1, 20).map(it -> it * 100_000).toArray();

        for (int size : sizes) {
            a.sendReliable(b.localMember(), new byte[size]).join();
        }

        await().untilAsserted(() -> assertThat(received)
                .containsExactlyInAnyOrderElementsOf(IntStream.of(sizes).boxed().toList()));
    }

    @Test
    void aPortOfTheNetworkCanBeTakenOnce() {
        Memberlist a = network.start("a");
        int port = a.localMember().address().getPort();
        MemberlistConfig same = a.config().toBuilder()
                .nodeName("x")
                .network(n -> n.bindPort(port))
                .build();

        assertThatExceptionOfType(MemberlistException.class)
                .isThrownBy(() -> Memberlist.create(same))
                .withMessageContaining("already in use");
    }

    @Test
    void whatTheTestItselfSetsStands() {
        try (ConfigurableApplicationContext a =
                application("a", "--memberlist.tags.zone=x", "--memberlist.profile=wan")) {
            Memberlist member = a.getBean(Memberlist.class);
            assertThat(member.localMember().tags()).isEqualTo(Map.of("zone", "x"));
            assertThat(member.config().network().tcpTimeout()).hasSeconds(30);
        }
    }

    @Test
    void aMemberHasTheKeysAndTheLabelOfTheApplication() {
        try (ConfigurableApplicationContext a = application(
                "a", "--memberlist.encryption.keys=MDEyMzQ1Njc4OWFiY2RlZg==", "--memberlist.network.label=blue")) {
            Memberlist b = network.start("b");

            await().until(() ->
                    b.numMembers() == 2 && a.getBean(Memberlist.class).numMembers() == 2);
        }
    }

    @Test
    void aResetNetworkIsHealedAndEmptyButForApplications() {
        try (ConfigurableApplicationContext a = application("a")) {
            Memberlist b = network.start("b");
            network.fail(b);

            network.reset();

            await().until(() -> network.everybody().size() == 1);
            assertThat(b.isRunning()).isFalse();
            Memberlist again = network.start("b");
            await().until(() -> a.getBean(Memberlist.class).numMembers() == 2 && again.numMembers() == 2);
        }
    }

    private ConfigurableApplicationContext application(String name, String... arguments) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("--memberlist.node-name=" + name),
                        java.util.stream.Stream.of(arguments))
                .toArray(String[]::new);
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(network)
                .run(all);
    }

    private static MemberState state(Memberlist observer, String name) {
        return observer.member(name).orElseThrow().state();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(MemberlistAutoConfiguration.class)
    static class Application {}
}
