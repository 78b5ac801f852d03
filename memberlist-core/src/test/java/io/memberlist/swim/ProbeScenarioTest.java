package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Transport;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The probes of one member, to scripted peers that answer only as the test wants. */
class ProbeScenarioTest {
    private static final int[] NEW = {1, 5, 2, 0, 0, 0};
    private static final int[] BEFORE_STREAM_PINGS = {1, 2, 2, 0, 0, 0};
    private static final int[] BEFORE_NACKS = {1, 3, 2, 0, 0, 0};

    private final VirtualCluster cluster = new VirtualCluster(5);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    /** A member that does nothing but probe. */
    private Memberlist prober() {
        return cluster.start("prober", ProbeScenarioTest::onlyProbes);
    }

    private static MemberlistConfigBuilder onlyProbes(MemberlistConfigBuilder config) {
        return config.gossip(g -> g.interval(Duration.ZERO))
                .stateSync(s -> s.interval(Duration.ZERO).reconnectInterval(Duration.ZERO));
    }

    private void untilFirstProbeEnds(Memberlist prober) {
        cluster.runUntil("a probe begins", () -> prober.statistics().probes() == 1);
        cluster.run(Duration.ofMillis(1100));
    }

    @Test
    void whoAnswersStaysAliveAndIsPingedByItsName() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();
        target.send(prober, target.alive("target", 1, NEW));
        untilFirstProbeEnds(prober);

        assertThat(stateOf(prober, "target")).isEqualTo(MemberState.ALIVE);
        assertThat(target.heard(Ping.class))
                .isNotEmpty()
                .allSatisfy(ping -> assertThat(ping.node()).isEqualTo("target"));
        assertThat(prober.healthScore()).isZero();
    }

    @Test
    void aTransportThatReportsTwiceStopsNoProbing() {
        Memberlist prober = cluster.start(
                "prober",
                config -> onlyProbes(config)
                        .transportFactory(bind -> cluster.network().open(bind).thenApply(ProbeScenarioTest::twice)));
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1");
        ScriptedPeer helper = new ScriptedPeer(cluster, "10.1.0.2");
        target.send(prober, target.alive("target", 1, NEW), helper.alive("helper", 1, NEW));
        cluster.run(Duration.ofSeconds(60));

        assertThat(prober.numMembers()).isEqualTo(1);
    }

    @SuppressWarnings("unchecked") // the proxy sees its arguments as objects
    private static Transport twice(Transport transport) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendPacket")) {
                        Completion<Void> completion = (Completion<Void>) arguments[2];
                        arguments[2] = (Completion<Void>) (sent, failure) -> {
                            completion.done(null, failure);
                            completion.done(null, failure);
                        };
                    }
                    return method.invoke(transport, arguments);
                });
    }

    @Test
    void whoIsShutDownInTheMiddleOfAProbeAsksNobodyAnyMore() {
        Memberlist prober = prober();
        ScriptedPeer helper = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        helper.send(prober, helper.alive("helper", 1, NEW), target.alive("target", 1, NEW));
        cluster.runUntil("the target is pinged", () -> !target.heard(Ping.class).isEmpty());

        cluster.await(prober.shutdown());
        long packets = prober.statistics().packetsSent();
        cluster.run(Duration.ofSeconds(3));

        assertThat(prober.statistics().packetsSent()).isEqualTo(packets);
        assertThat(prober.statistics().streamsOpened()).isZero();
    }

    @Test
    void whoDoesNotAnswerIsSuspectedAfterOthersWereAsked() {
        Memberlist prober = prober();
        ScriptedPeer helper =
                new ScriptedPeer(cluster, "10.1.0.1").answeringPings().answeringIndirectPingsWithNacks();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        helper.send(prober, helper.alive("helper", 1, NEW), target.alive("target", 1, NEW));
        cluster.runUntil("the target is suspected", () -> stateOf(prober, "target") == MemberState.SUSPECT);

        assertThat(helper.heard(IndirectPing.class)).hasSize(1).allSatisfy(request -> {
            assertThat(request.node()).isEqualTo("target");
            assertThat(request.nack()).isTrue();
        });
        // The nack shows that this member itself has a working connection.
        assertThat(prober.healthScore()).isZero();
        assertThat(target.streams).isEqualTo(1);
        assertThat(prober.statistics().suspectMessages()).isEqualTo(1);
    }

    /** Where all members share a processor that is too slow, more packets would keep them too busy to answer. */
    @Test
    void whoStoodStillAsksAgainBeforeItAsksOthers() {
        Memberlist prober = prober();
        ScriptedPeer helper =
                new ScriptedPeer(cluster, "10.1.0.1").answeringPings().answeringIndirectPingsWithNacks();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        helper.send(prober, helper.alive("helper", 1, NEW), target.alive("target", 1, NEW));
        cluster.runUntil("the target is pinged", () -> !target.heard(Ping.class).isEmpty());
        cluster.network().pause(prober.localMember().address());
        cluster.run(Duration.ofMillis(900));
        cluster.network().resume(prober.localMember().address());
        cluster.runUntil(
                "the target is pinged again", () -> target.heard(Ping.class).size() == 2);

        assertThat(helper.heard(IndirectPing.class)).isEmpty();
        assertThat(target.streams).isZero();

        cluster.runUntil("the target is suspected", () -> stateOf(prober, "target") == MemberState.SUSPECT);
        assertThat(helper.heard(IndirectPing.class)).hasSize(1);
        assertThat(target.streams).isEqualTo(1);
    }

    @Test
    void aNackThatDoesNotComeCountsAgainstTheOwnHealth() {
        Memberlist prober = prober();
        ScriptedPeer helper = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        helper.send(prober, helper.alive("helper", 1, NEW), target.alive("target", 1, NEW));
        cluster.runUntil("the target is suspected", () -> stateOf(prober, "target") == MemberState.SUSPECT);

        assertThat(prober.healthScore()).isEqualTo(1);
    }

    @Test
    void helpersFromBeforeNacksAreNotAskedForThemAndTheFailureCountsAgainstTheOwnHealth() {
        Memberlist prober = prober();
        ScriptedPeer helper = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        helper.send(prober, helper.alive("helper", 1, BEFORE_NACKS), target.alive("target", 1, BEFORE_NACKS));
        cluster.runUntil("the target is suspected", () -> stateOf(prober, "target") == MemberState.SUSPECT);

        assertThat(helper.heard(IndirectPing.class)).hasSize(1).noneMatch(IndirectPing::nack);
        assertThat(prober.healthScore()).isEqualTo(1);
    }

    @Test
    void whoIsOfAnOldProtocolIsNotPingedOverAStream() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1");
        target.send(prober, target.alive("target", 1, BEFORE_STREAM_PINGS));
        cluster.runUntil("the target is suspected", () -> stateOf(prober, "target") == MemberState.SUSPECT);

        assertThat(target.streams).isZero();
    }

    @Test
    void streamPingsCanBeSwitchedOffForSomeMembers() {
        Memberlist prober = cluster.start(
                "prober", config -> onlyProbes(config).probe(p -> p.disableStreamPingsFor("without"::equals)));
        ScriptedPeer without = new ScriptedPeer(cluster, "10.1.0.1");
        ScriptedPeer with = new ScriptedPeer(cluster, "10.1.0.2");
        without.send(prober, without.alive("without", 1, NEW), with.alive("with", 1, NEW));
        cluster.runUntil(
                "both are suspected",
                () -> stateOf(prober, "without") == MemberState.SUSPECT
                        && stateOf(prober, "with") == MemberState.SUSPECT);

        assertThat(without.streams).isZero();
        assertThat(with.streams).isPositive();
    }

    @Test
    void whoFeelsUnwellTakesMoreTimeForAProbe() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1");
        // A suspect message about oneself is a sign of being slow.
        target.send(prober, new Suspect(1, "prober", "target"));
        assertThat(prober.healthScore()).isEqualTo(1);
        target.send(prober, target.alive("target", 1, NEW));
        cluster.runUntil("a probe begins", () -> !target.heard(Ping.class).isEmpty());
        cluster.run(Duration.ofMillis(1900));
        assertThat(stateOf(prober, "target")).isEqualTo(MemberState.ALIVE);
        cluster.run(Duration.ofMillis(200));

        assertThat(stateOf(prober, "target")).isEqualTo(MemberState.SUSPECT);
        assertThat(prober.statistics().degradedProbes()).isPositive();
    }

    @Test
    void aGoodProbeImprovesTheOwnHealth() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();
        target.send(prober, new Suspect(1, "prober", "target"));
        target.send(prober, target.alive("target", 1, NEW));
        untilFirstProbeEnds(prober);

        assertThat(prober.healthScore()).isZero();
    }

    @Test
    void aSuspectedMemberLearnsOfItWithTheNextPing() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1");
        target.send(prober, target.alive("target", 7, NEW));
        target.send(prober, new Suspect(7, "target", "somebody"));
        cluster.runUntil("a ping comes", () -> !target.heard(Ping.class).isEmpty());

        List<Message> heard = target.heard;
        assertThat(heard).hasAtLeastOneElementOfType(Ping.class).contains(new Suspect(7, "target", "prober"));
        assertThat(target.packets).hasSize(1);
    }

    @Test
    void aPingTellsTheRoundTripOrThatNobodyAnswered() {
        Memberlist prober = prober();
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.1").answeringPings();

        assertThat(cluster.await(prober.ping("target", target.address()))).isPositive();
        assertThat(prober.ping("target", new java.net.InetSocketAddress("10.1.0.9", 7946)))
                .satisfies(ping -> {
                    cluster.run(Duration.ofMillis(600));
                    assertThat(ping).isCompletedExceptionally();
                    assertThat(ping.handle((value, failure) -> failure).join())
                            .isInstanceOf(TimeoutException.class)
                            .hasMessage("No response from node target at 10.1.0.9:7946 within 500 ms");
                });
    }
}
