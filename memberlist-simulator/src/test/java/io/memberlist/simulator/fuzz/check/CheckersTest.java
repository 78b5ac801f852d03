package io.memberlist.simulator.fuzz.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberEvent.Type;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.messaging.MessagingStatistics;
import io.memberlist.simulator.fuzz.check.Observation.Ended;
import io.memberlist.simulator.fuzz.check.Observation.Escaped;
import io.memberlist.simulator.fuzz.check.Observation.Healed;
import io.memberlist.simulator.fuzz.check.Observation.Holds;
import io.memberlist.simulator.fuzz.check.Observation.Leaving;
import io.memberlist.simulator.fuzz.check.Observation.LeftBehind;
import io.memberlist.simulator.fuzz.check.Observation.Received;
import io.memberlist.simulator.fuzz.check.Observation.Said;
import io.memberlist.simulator.fuzz.check.Observation.Seen;
import io.memberlist.simulator.fuzz.check.Observation.Sent;
import io.memberlist.simulator.fuzz.check.Observation.Started;
import io.memberlist.simulator.fuzz.check.Observation.Stopped;
import io.memberlist.simulator.fuzz.check.Observation.Told;
import io.memberlist.simulator.fuzz.check.Observation.Truth;
import io.memberlist.swim.ResourceUsage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every checker bites on a trace of an engine that misbehaves, and lets the honest one pass. */
class CheckersTest {
    private static final InetSocketAddress HERE = new InetSocketAddress("10.0.0.1", 7946);
    private static final MemberlistConfig CONFIG =
            MemberlistConfig.lan().nodeName("b").build();
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("10.0.0.2", 7946);

    @Test
    void incarnationsRise() {
        assertThat(complaints(new IncarnationsMonotonic(), seen(MemberState.ALIVE, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(complaints(new IncarnationsMonotonic(), seen(MemberState.ALIVE, 3), seen(MemberState.ALIVE, 2)))
                .hasSize(1);
        assertThat(complaints(
                        new IncarnationsMonotonic(),
                        seen(MemberState.DEAD, 3),
                        new Seen("b#1", "a", null),
                        seen(MemberState.ALIVE, 2)))
                .as("forgotten in between")
                .hasSize(1);
        assertThat(complaints(
                        new IncarnationsMonotonic(), seen(MemberState.LEFT, 3), seen(ELSEWHERE, MemberState.ALIVE, 1)))
                .as("taken over from another address")
                .isEmpty();
    }

    @Test
    void nobodyRises() {
        assertThat(complaints(new NoResurrection(), seen(MemberState.DEAD, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(complaints(new NoResurrection(), seen(MemberState.DEAD, 3), seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(complaints(
                        new NoResurrection(),
                        seen(MemberState.LEFT, 3),
                        new Seen("b#1", "a", null),
                        seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(complaints(
                        new NoResurrection(),
                        told(Type.JOINED, MemberState.ALIVE, 1),
                        told(Type.FAILED, MemberState.DEAD, 1),
                        told(Type.JOINED, MemberState.ALIVE, 1)))
                .hasSize(1);
    }

    @Test
    void eventsThatAreLostDoubledOrOutOfOrder() {
        Told joined = told(Type.JOINED, MemberState.ALIVE, 1);
        Told suspected = told(Type.SUSPECTED, MemberState.SUSPECT, 1);
        Told failed = told(Type.FAILED, MemberState.DEAD, 1);
        Ended dead = new Ended("b#1", Map.of("a", member(HERE, MemberState.DEAD, 1)));
        Ended nobody = new Ended("b#1", Map.of());

        assertThat(complaints(new EventOrder(), joined, suspected, failed, dead))
                .isEmpty();
        assertThat(complaints(new EventOrder(), joined, joined)).as("doubled").hasSize(1);
        assertThat(complaints(new EventOrder(), suspected, joined))
                .as("out of order")
                .isNotEmpty();
        assertThat(complaints(new EventOrder(), joined, told(Type.RECOVERED, MemberState.ALIVE, 2)))
                .hasSize(1);
        assertThat(complaints(new EventOrder(), joined, suspected, dead))
                .as("the last was swallowed")
                .hasSize(1);
        assertThat(complaints(new EventOrder(), dead)).as("all were swallowed").hasSize(1);
        assertThat(complaints(new EventOrder(), joined, nobody))
                .as("forgotten alive")
                .hasSize(1);
    }

    @Test
    void neverDeadToOneself() {
        Started started = new Started("a#1", "a", HERE);
        Leaving leaving = new Leaving("a#1", true);
        Seen left = new Seen("a#1", "a", member(HERE, MemberState.LEFT, 1));
        for (MemberState state : List.of(MemberState.SUSPECT, MemberState.DEAD, MemberState.LEFT)) {
            assertThat(complaints(new SelfIsAlive(), started, new Seen("a#1", "a", member(HERE, state, 1))))
                    .hasSize(1);
        }
        assertThat(complaints(new SelfIsAlive(), started, new Seen("a#1", "a", null)))
                .hasSize(1);
        assertThat(complaints(new SelfIsAlive(), started, leaving, left)).isEmpty();
        assertThat(complaints(new SelfIsAlive(), started, new Seen("a#1", "b", member(HERE, MemberState.DEAD, 1))))
                .isEmpty();
    }

    @Test
    void wordsStand() {
        assertThat(complaints(
                        new UpdatesNeedNewIncarnation(), seen(MemberState.ALIVE, 1), seen(MemberState.SUSPECT, 1)))
                .isEmpty();
        assertThat(complaints(
                        new UpdatesNeedNewIncarnation(),
                        seen(MemberState.ALIVE, 1),
                        seen(ELSEWHERE, MemberState.ALIVE, 1)))
                .hasSize(1);
        Member other = new Member(
                "a", HERE, new byte[] {9}, MemberState.ALIVE, 1, new MemberVersions(1, 5, 5, 0, 0, 0), Instant.EPOCH);
        assertThat(complaints(new UpdatesNeedNewIncarnation(), seen(MemberState.ALIVE, 1), new Seen("b#1", "a", other)))
                .hasSize(1);
    }

    @Test
    void bounded() {
        assertThat(complaints(new BoundedResources(5, CONFIG), holds(5, 100, 60, 10)))
                .isEmpty();
        assertThat(complaints(new BoundedResources(5, CONFIG), holds(6, 0, 0, 0)))
                .hasSize(1);
        assertThat(complaints(new BoundedResources(5, CONFIG), holds(5, 10_000, 10_000, 10_000)))
                .hasSize(3);
    }

    @Test
    void messagesUnaltered() {
        Sent sent = new Sent("a#1", new byte[] {1, 2});
        assertThat(complaints(new UserMessageIntegrity(), sent, new Received("b#1", new byte[] {1, 2})))
                .isEmpty();
        assertThat(complaints(new UserMessageIntegrity(), sent, new Received("b#1", new byte[] {1, 3})))
                .hasSize(1);
        assertThat(complaints(new UserMessageIntegrity(), sent, new Received("b#1", new byte[] {1})))
                .hasSize(1);
    }

    @Test
    void nothingEscapes() {
        assertThat(complaints(new NoUncaughtExceptions(), new Escaped(new IllegalStateException("boo"))))
                .singleElement()
                .asString()
                .contains("boo");
    }

    @Test
    void theDeadAreSilent() {
        Said said = new Said("b#1", Instant.EPOCH, HERE, List::of, () -> 0);
        assertThat(complaints(new StoppedProcessesSilent(), said, new Stopped("b#1"), new LeftBehind("b#1", 0)))
                .isEmpty();
        assertThat(complaints(new StoppedProcessesSilent(), new Stopped("b#1"), said))
                .hasSize(1);
        assertThat(complaints(new StoppedProcessesSilent(), new Stopped("b#1"), new LeftBehind("b#1", 1)))
                .hasSize(1);
    }

    @Test
    void statesFollow() {
        assertThat(complaints(new LegalStateTransitions(), seen(MemberState.SUSPECT, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(complaints(new LegalStateTransitions(), seen(MemberState.SUSPECT, 3), seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(complaints(new LegalStateTransitions(), seen(MemberState.DEAD, 3), seen(MemberState.LEFT, 3)))
                .hasSize(1);
    }

    @Test
    void heals() {
        Map<String, Truth> truth = Map.of("a", new Truth(HERE, new byte[] {1}));
        assertThat(complaints(new Convergence(), healed(truth, member(HERE, MemberState.ALIVE, 1))))
                .isEmpty();
        assertThat(complaints(new Convergence(), healed(truth))).as("unknown").hasSize(1);
        assertThat(complaints(new Convergence(), healed(truth, member(HERE, MemberState.DEAD, 1))))
                .hasSize(1);
        assertThat(complaints(new Convergence(), healed(truth, member(HERE, MemberState.SUSPECT, 1))))
                .hasSize(1);
        assertThat(complaints(new Convergence(), healed(truth, member(ELSEWHERE, MemberState.ALIVE, 1))))
                .hasSize(1);
        assertThat(complaints(
                        new Convergence(),
                        healed(Map.of("a", new Truth(HERE, new byte[0])), member(HERE, MemberState.ALIVE, 1))))
                .as("old metadata")
                .hasSize(1);
        assertThat(complaints(new Convergence(), healed(Map.of(), member(HERE, MemberState.ALIVE, 1))))
                .as("a ghost")
                .hasSize(1);
    }

    private static Holds holds(int members, int broadcasts, int timers, int streams) {
        return new Holds(
                "a#1",
                Instant.EPOCH,
                new ResourceUsage(members, 0, broadcasts, 0, 0),
                timers,
                streams,
                Duration.ZERO,
                MessagingStatistics.NONE);
    }

    private static Healed healed(Map<String, Truth> truth, Member... view) {
        Map<String, Member> known = new java.util.HashMap<>();
        for (Member member : view) {
            known.put(member.name(), member);
        }
        return new Healed("b#1", known, truth, 0);
    }

    private static Told told(Type type, MemberState state, long incarnation) {
        return new Told("b#1", new MemberEvent(type, member(HERE, state, incarnation)));
    }

    private static Seen seen(MemberState state, long incarnation) {
        return seen(HERE, state, incarnation);
    }

    private static Seen seen(InetSocketAddress address, MemberState state, long incarnation) {
        return new Seen("b#1", "a", member(address, state, incarnation));
    }

    private static Member member(InetSocketAddress address, MemberState state, long incarnation) {
        return new Member(
                "a", address, new byte[] {1}, state, incarnation, new MemberVersions(1, 5, 5, 0, 0, 0), Instant.EPOCH);
    }

    private static List<String> complaints(Checker checker, Observation... trace) {
        List<String> complaints = new ArrayList<>();
        for (Observation observation : trace) {
            checker.observe(observation, complaints::add);
        }
        return complaints;
    }
}
