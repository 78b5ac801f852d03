package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probing, suspicion and refutation, in whole clusters in virtual time. */
class FailureDetectionScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(20260101);
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private EventDelegate recorder() {
        return EventRecorder.into(
                events,
                MemberEvent.Suspected.class,
                MemberEvent.Recovered.class,
                MemberEvent.Failed.class,
                MemberEvent.Left.class);
    }

    @Test
    void aCrashedMemberIsFoundDeadByAllWithinTheLongestSuspicion() {
        List<Memberlist> all = cluster.startJoined(10, config -> config);
        Memberlist victim = all.get(7);
        List<Memberlist> rest = new ArrayList<>(all);
        rest.remove(victim);

        cluster.crash(victim);
        // n = 10: min = 4 s. Two rounds of probing bound the first suspicion, 6 × min the verdict.
        Duration took = cluster.runUntil("the crash is known", () -> allSee(rest, 9));

        assertThat(took).isLessThan(Duration.ofSeconds(2 * 9 + 6 * 4));
        assertThat(rest)
                .allSatisfy(member -> assertThat(stateOf(member, "node-7")).isEqualTo(MemberState.DEAD));
    }

    /** A failure elsewhere is no sign of the own health; operators would look for a fault in members that have none. */
    @ParameterizedTest
    @CsvSource({"1000, 500", "5000, 3000", "1000, 200"})
    void aCrashDoesNotWorsenTheLocalHealthOfTheOthers(int intervalMillis, int timeoutMillis) {
        List<String> changes = new ArrayList<>();
        List<Memberlist> all = cluster.startJoined(
                5,
                config -> config.probe(p ->
                                p.interval(Duration.ofMillis(intervalMillis)).timeout(Duration.ofMillis(timeoutMillis)))
                        .delegates(d -> d.event(EventRecorder.into(changes, MemberEvent.LocalHealthChanged.class))));
        Memberlist victim = all.remove(3);

        cluster.crash(victim);
        cluster.runUntil("the crash is known", () -> allSee(all, 4));

        assertThat(changes).isEmpty();
    }

    @Test
    void confirmationsByOthersShortenTheSuspicion() {
        List<Memberlist> all = cluster.startJoined(30, config -> config);
        Memberlist victim = all.get(3);
        all.remove(victim);

        cluster.crash(victim);
        Duration suspected = cluster.runUntil(
                "somebody suspects", () -> all.stream().anyMatch(m -> stateOf(m, "node-3") == MemberState.SUSPECT));
        Duration declared = cluster.runUntil(
                "somebody is sure", () -> all.stream().anyMatch(m -> stateOf(m, "node-3") == MemberState.DEAD));

        Duration min = Duration.ofNanos(Formulas.suspicionTimeoutNanos(4, 30, 1_000_000_000L));
        assertThat(suspected).isLessThan(Duration.ofSeconds(60));
        // The time of the suspicion is known to within a millisecond.
        assertThat(declared.plusMillis(1)).isGreaterThanOrEqualTo(min);
        assertThat(declared).isLessThan(min.multipliedBy(3));
    }

    @Test
    void aMemberCutOffBrieflyRefutesAndNobodyDeclaresItDead() {
        List<Memberlist> all = cluster.startJoined(8, config -> config.delegates(d -> d.event(recorder())));
        Memberlist suspect = all.get(2);
        events.clear();

        cluster.isolate(suspect);
        cluster.runUntil("somebody suspects it", () -> events.contains("suspected node-2"));
        cluster.network().heal();
        cluster.runUntil(
                "all have heard the refutation",
                () -> all.stream()
                        .allMatch(m -> stateOf(m, "node-2") == MemberState.ALIVE
                                && m.member("node-2").orElseThrow().incarnation() > 1));

        assertThat(events).contains("recovered node-2").doesNotContain("failed node-2");
    }

    @Test
    void helpersReachAMemberThatThisOneCannot() {
        List<Memberlist> all = cluster.startJoined(
                6, config -> config.probe(p -> p.disableStreamPings(true)).delegates(d -> d.event(recorder())));
        InetSocketAddress a = all.get(0).localMember().address();
        InetSocketAddress b = all.get(1).localMember().address();
        events.clear();

        cluster.network().cut((from, to) -> from.equals(a) && to.equals(b) || from.equals(b) && to.equals(a));
        cluster.run(Duration.ofMinutes(3));

        assertThat(events).isEmpty();
        assertThat(all).allSatisfy(member -> assertThat(member.numMembers()).isEqualTo(6));
    }

    @Test
    void whereNoPacketPassesTheStreamPingKeepsMembersAlive() {
        List<Memberlist> all = cluster.startJoined(4, config -> config.delegates(d -> d.event(recorder())));
        events.clear();

        cluster.network().cutPackets((from, to) -> true);
        cluster.run(Duration.ofMinutes(2));

        assertThat(events).isEmpty();
        assertThat(allSee(all, 4)).isTrue();
    }

    @Test
    void whereNoPacketPassesAndStreamPingsAreOffTheOthersLookDead() {
        List<Memberlist> all = cluster.startJoined(
                4, config -> config.probe(p -> p.disableStreamPings(true)).stateSync(s -> s.interval(Duration.ZERO)));

        cluster.network().cutPackets((from, to) -> true);
        cluster.runUntil("everybody is alone", () -> allSee(all, 1));

        assertThat(all).allSatisfy(m -> assertThat(m.healthScore()).isPositive());
    }

    @Test
    void lossAloneMakesNobodyLookDead() {
        List<Memberlist> all = cluster.startJoined(20, config -> config.delegates(d -> d.event(recorder())));
        events.clear();

        cluster.network().loss(0.10);
        cluster.run(Duration.ofMinutes(10));

        assertThat(events).doesNotContain("failed");
        assertThat(events.stream().filter(e -> e.startsWith("failed"))).isEmpty();
        assertThat(allSee(all, 20)).isTrue();
    }

    @Test
    void localHealthSuffersWhereNobodyAnswersAndRecovers() {
        List<Memberlist> all = cluster.startJoined(8, config -> config);
        Memberlist lonely = all.get(5);

        cluster.isolate(lonely);
        cluster.runUntil("its health suffers", () -> lonely.healthScore() >= 3);
        assertThat(all.stream().filter(m -> m != lonely).map(Memberlist::healthScore))
                .allSatisfy(score -> assertThat(score).isLessThan(3));
        cluster.network().heal();
        cluster.runUntil("its health is back", () -> lonely.healthScore() == 0);
    }

    @Test
    void deadMembersAreForgottenAfterAWhile() {
        List<Memberlist> all = cluster.startJoined(5, config -> config);
        Memberlist victim = all.get(4);
        Memberlist observer = all.get(0);

        cluster.crash(victim);
        cluster.runUntil("it is dead", () -> stateOf(observer, "node-4") == MemberState.DEAD);
        cluster.run(Duration.ofSeconds(20));
        assertThat(stateOf(observer, "node-4")).isEqualTo(MemberState.DEAD);
        cluster.run(Duration.ofSeconds(60));

        assertThat(observer.member("node-4")).isEmpty();
        assertThat(observer.allMembers()).hasSize(4);
    }

    @Test
    void aPausedMemberThatWakesUpIsNeverTakenForDeadByItself() {
        List<Memberlist> all = cluster.startJoined(6, config -> config);
        Memberlist sleeper = all.get(1);
        List<Memberlist> others = new ArrayList<>(all);
        others.remove(sleeper);

        cluster.isolate(sleeper);
        cluster.runUntil("the others have given it up", () -> allSee(others, 5));
        assertThat(sleeper.localMember().state()).isEqualTo(MemberState.ALIVE);
        cluster.network().heal();
        // Gossip still reaches dead members for some time, so they receive the message about their own death.
        cluster.runUntil("it is back", () -> allSee(others, 6));

        assertThat(sleeper.localMember().incarnation()).isGreaterThan(1);
    }
}
