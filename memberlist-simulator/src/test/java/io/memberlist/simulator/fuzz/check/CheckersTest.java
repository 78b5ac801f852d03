package io.memberlist.simulator.fuzz.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.simulator.fuzz.check.Observation.ActualState;
import io.memberlist.simulator.fuzz.check.Observation.EventDelivered;
import io.memberlist.simulator.fuzz.check.Observation.HealingOver;
import io.memberlist.simulator.fuzz.check.Observation.Leaving;
import io.memberlist.simulator.fuzz.check.Observation.MemberChanged;
import io.memberlist.simulator.fuzz.check.Observation.PacketHandled;
import io.memberlist.simulator.fuzz.check.Observation.PacketSent;
import io.memberlist.simulator.fuzz.check.Observation.ProcessStarted;
import io.memberlist.simulator.fuzz.check.Observation.ProcessStopped;
import io.memberlist.simulator.fuzz.check.Observation.ResourcesHeld;
import io.memberlist.simulator.fuzz.check.Observation.RunEnded;
import io.memberlist.simulator.fuzz.check.Observation.TimersLeft;
import io.memberlist.simulator.fuzz.check.Observation.UncaughtException;
import io.memberlist.simulator.fuzz.check.Observation.UserMessageReceived;
import io.memberlist.simulator.fuzz.check.Observation.UserMessageSent;
import io.memberlist.swim.ResourceUsage;
import io.memberlist.wire.Message;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every checker reports a violation for a wrong trace, and none for a correct one. */
class CheckersTest {
    private static final InetSocketAddress HERE = new InetSocketAddress("10.0.0.1", 7946);
    private static final MemberlistConfig CONFIG = MemberlistConfig.lan()
            .nodeName("b")
            .extension(ClusterMessaging.create().extension())
            .build();
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("10.0.0.2", 7946);

    @Test
    void incarnationsRise() {
        assertThat(violations(new IncarnationsMonotonic(), seen(MemberState.ALIVE, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(violations(new IncarnationsMonotonic(), seen(MemberState.ALIVE, 3), seen(MemberState.ALIVE, 2)))
                .hasSize(1);
        assertThat(violations(
                        new IncarnationsMonotonic(),
                        seen(MemberState.DEAD, 3),
                        new MemberChanged("b#1", "a", null),
                        seen(MemberState.ALIVE, 2)))
                .as("forgotten in between")
                .hasSize(1);
        assertThat(violations(
                        new IncarnationsMonotonic(), seen(MemberState.LEFT, 3), seen(ELSEWHERE, MemberState.ALIVE, 1)))
                .as("taken over from another address")
                .isEmpty();
    }

    @Test
    void nobodyIsLostToALiar() {
        Duration bound = Duration.ofSeconds(24).plus(CONFIG.stateSync().interval());
        ProcessStarted start = new ProcessStarted("a#1", "a", HERE);
        assertThat(violations(
                        healthyMembersStay(),
                        start,
                        holds(Instant.EPOCH),
                        seen(MemberState.DEAD, 3),
                        holds(Instant.EPOCH.plus(bound)),
                        seen(MemberState.ALIVE, 4),
                        holds(Instant.EPOCH.plus(bound.multipliedBy(2)))))
                .isEmpty();
        assertThat(violations(
                        healthyMembersStay(),
                        start,
                        holds(Instant.EPOCH),
                        seen(MemberState.DEAD, 3),
                        holds(Instant.EPOCH.plus(bound).plusSeconds(1))))
                .hasSize(1);
        assertThat(violations(
                        healthyMembersStay(),
                        start,
                        holds(Instant.EPOCH),
                        seen(ELSEWHERE, MemberState.ALIVE, 3),
                        holds(Instant.EPOCH.plus(bound).plusSeconds(1))))
                .as("its name is somebody else's")
                .hasSize(1);
        assertThat(violations(
                        healthyMembersStay(),
                        start,
                        holds(Instant.EPOCH),
                        seen(MemberState.DEAD, 3),
                        new ProcessStopped("a#1"),
                        holds(Instant.EPOCH.plus(bound).plusSeconds(1))))
                .as("it has ended")
                .isEmpty();
    }

    private static ResourcesHeld holds(Instant now) {
        ResourceUsage held = new ResourceUsage(2, 0, 0, 0, 0);
        return new ResourcesHeld("b#1", now, held, 1, 1, Duration.ZERO, MessagingStatistics.NONE);
    }

    private static HealthyMembersStay healthyMembersStay() {
        return new HealthyMembersStay(CONFIG, 2);
    }

    @Test
    void nobodyRises() {
        assertThat(violations(new NoResurrection(), seen(MemberState.DEAD, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(violations(new NoResurrection(), seen(MemberState.DEAD, 3), seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(violations(
                        new NoResurrection(),
                        seen(MemberState.LEFT, 3),
                        new MemberChanged("b#1", "a", null),
                        seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(violations(
                        new NoResurrection(),
                        told(MemberEvent.Joined::new, MemberState.ALIVE, 1),
                        told(MemberEvent.Failed::new, MemberState.DEAD, 1),
                        told(MemberEvent.Joined::new, MemberState.ALIVE, 1)))
                .hasSize(1);
    }

    @Test
    void eventsThatAreLostDoubledOrOutOfOrder() {
        EventDelivered joined = told(MemberEvent.Joined::new, MemberState.ALIVE, 1);
        EventDelivered suspected = told(MemberEvent.Suspected::new, MemberState.SUSPECT, 1);
        EventDelivered failed = told(MemberEvent.Failed::new, MemberState.DEAD, 1);
        RunEnded dead = new RunEnded("b#1", Map.of("a", member(HERE, MemberState.DEAD, 1)));
        RunEnded nobody = new RunEnded("b#1", Map.of());

        assertThat(violations(new EventOrder(CONFIG), joined, suspected, failed, dead))
                .isEmpty();
        assertThat(violations(new EventOrder(CONFIG), joined, joined))
                .as("doubled")
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), suspected, joined))
                .as("out of order")
                .isNotEmpty();
        assertThat(violations(new EventOrder(CONFIG), joined, told(MemberEvent.Recovered::new, MemberState.ALIVE, 2)))
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), joined, suspected, dead))
                .as("the last was swallowed")
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), dead))
                .as("all were swallowed")
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), joined, nobody))
                .as("forgotten alive")
                .hasSize(1);
    }

    @Test
    void eventsOfADegradedMember() {
        EventDelivered joined = told(MemberEvent.Joined::new, MemberState.ALIVE, 1);
        EventDelivered suspected = told(MemberEvent.Suspected::new, MemberState.SUSPECT, 1);
        EventDelivered degraded = told(MemberEvent.Degraded::new, MemberState.DEAD, 1);
        EventDelivered failed = told(MemberEvent.Failed::new, MemberState.DEAD, 1);
        EventDelivered stabilized = told(MemberEvent.Stabilized::new, MemberState.ALIVE, 2);
        EventDelivered rejoined = told(MemberEvent.Joined::new, MemberState.ALIVE, 2);
        RunEnded alive = new RunEnded("b#1", Map.of("a", member(HERE, MemberState.ALIVE, 2)));
        RunEnded dead = new RunEnded("b#1", Map.of("a", member(HERE, MemberState.DEAD, 1)));
        Instant late = Instant.EPOCH.plus(CONFIG.flapping().failAfter()).plusSeconds(10);

        assertThat(violations(new EventOrder(CONFIG), joined, suspected, degraded, stabilized, alive))
                .isEmpty();
        assertThat(violations(new EventOrder(CONFIG), joined, degraded, failed, rejoined, alive))
                .isEmpty();
        assertThat(violations(new EventOrder(CONFIG), joined, degraded, failed, alive))
                .as("not stable yet")
                .isEmpty();
        assertThat(violations(new EventOrder(CONFIG), joined, degraded, suspected))
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), joined, failed, stabilized))
                .hasSize(1);
        assertThat(violations(new EventOrder(CONFIG), joined, degraded, degraded))
                .hasSize(1);
        assertThat(violations(
                        new EventOrder(CONFIG),
                        holds(Instant.EPOCH),
                        joined,
                        degraded,
                        seen(MemberState.DEAD, 1),
                        dead))
                .as("it may come back")
                .isEmpty();
        assertThat(violations(
                        new EventOrder(CONFIG),
                        holds(Instant.EPOCH),
                        joined,
                        degraded,
                        seen(MemberState.DEAD, 1),
                        holds(late),
                        dead))
                .as("dead for long, and not told so")
                .hasSize(1);
    }

    @Test
    void neverDeadToOneself() {
        ProcessStarted started = new ProcessStarted("a#1", "a", HERE);
        Leaving leaving = new Leaving("a#1", true);
        MemberChanged left = new MemberChanged("a#1", "a", member(HERE, MemberState.LEFT, 1));
        for (MemberState state : List.of(MemberState.SUSPECT, MemberState.DEAD, MemberState.LEFT)) {
            assertThat(violations(new SelfIsAlive(), started, new MemberChanged("a#1", "a", member(HERE, state, 1))))
                    .hasSize(1);
        }
        assertThat(violations(new SelfIsAlive(), started, new MemberChanged("a#1", "a", null)))
                .hasSize(1);
        assertThat(violations(new SelfIsAlive(), started, leaving, left)).isEmpty();
        assertThat(violations(
                        new SelfIsAlive(), started, new MemberChanged("a#1", "b", member(HERE, MemberState.DEAD, 1))))
                .isEmpty();
    }

    @Test
    void wordsStand() {
        assertThat(violations(
                        new UpdatesNeedNewIncarnation(), seen(MemberState.ALIVE, 1), seen(MemberState.SUSPECT, 1)))
                .isEmpty();
        assertThat(violations(
                        new UpdatesNeedNewIncarnation(),
                        seen(MemberState.ALIVE, 1),
                        seen(ELSEWHERE, MemberState.ALIVE, 1)))
                .hasSize(1);
        Member other = new Member(
                "a", HERE, new byte[] {9}, MemberState.ALIVE, 1, new MemberVersions(1, 5, 5, 0, 0, 0), Instant.EPOCH);
        assertThat(violations(
                        new UpdatesNeedNewIncarnation(),
                        seen(MemberState.ALIVE, 1),
                        new MemberChanged("b#1", "a", other)))
                .hasSize(1);
    }

    @Test
    void bounded() {
        assertThat(violations(new BoundedResources(5, CONFIG), holds(5, 5, 60, 10)))
                .isEmpty();
        assertThat(violations(new BoundedResources(5, CONFIG), holds(6, 0, 0, 0)))
                .hasSize(1);
        assertThat(violations(new BoundedResources(5, CONFIG), holds(5, 10_000, 10_000, 10_000)))
                .hasSize(3);
    }

    @Test
    void holdsNoMoreBroadcastsThanThereAreNamesAndMessagesOfItsApplication() {
        UserMessageSent mine = new UserMessageSent("a#1", new byte[] {1});
        UserMessageSent another = new UserMessageSent("b#1", new byte[] {2});
        assertThat(violations(new BoundedResources(5, CONFIG), mine, mine, another, holds(5, 7, 0, 0)))
                .isEmpty();
        assertThat(violations(new BoundedResources(5, CONFIG), mine, mine, another, holds(5, 8, 0, 0)))
                .singleElement()
                .asString()
                .contains("a#1 holds 8 broadcasts, more than 7");
    }

    @Test
    void aStreamLivesForTwoTimeoutsAtMost() {
        assertThat(CONFIG.network().tcpTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(violations(new BoundedResources(5, CONFIG), holdsStreamFor(Duration.ofSeconds(20))))
                .isEmpty();
        assertThat(violations(new BoundedResources(5, CONFIG), holdsStreamFor(Duration.ofMillis(20_001))))
                .singleElement()
                .asString()
                .contains("a#1 has held a stream open for PT20.001S, longer than PT20S");
    }

    @Test
    void messagesUnaltered() {
        UserMessageSent sent = new UserMessageSent("a#1", new byte[] {1, 2});
        assertThat(violations(new UserMessageIntegrity(), sent, new UserMessageReceived("b#1", new byte[] {1, 2})))
                .isEmpty();
        assertThat(violations(new UserMessageIntegrity(), sent, new UserMessageReceived("b#1", new byte[] {1, 3})))
                .hasSize(1);
        assertThat(violations(new UserMessageIntegrity(), sent, new UserMessageReceived("b#1", new byte[] {1})))
                .hasSize(1);
    }

    @Test
    void nothingEscapes() {
        assertThat(violations(new NoUncaughtExceptions(), new UncaughtException(new IllegalStateException("boo"))))
                .singleElement()
                .asString()
                .contains("boo");
    }

    @Test
    void theDeadAreSilent() {
        PacketSent said = new PacketSent("b#1", Instant.EPOCH, HERE, List::of, () -> 0);
        assertThat(violations(new StoppedProcessesSilent(), said, new ProcessStopped("b#1"), new TimersLeft("b#1", 0)))
                .isEmpty();
        assertThat(violations(new StoppedProcessesSilent(), new ProcessStopped("b#1"), said))
                .hasSize(1);
        assertThat(violations(new StoppedProcessesSilent(), new ProcessStopped("b#1"), new TimersLeft("b#1", 1)))
                .hasSize(1);
    }

    @Test
    void strangersHearNoGossip() {
        Message ack = new Message.Ack(1, new byte[0]);
        Message news = new Message.Dead(1, "c", "c");
        PacketSent gossip = new PacketSent("b#1", Instant.EPOCH, HERE, () -> List.of(ack, news), () -> 0);
        PacketSent alone = new PacketSent("b#1", Instant.EPOCH, HERE, () -> List.of(ack), () -> 0);
        PacketSent told = new PacketSent("b#1", Instant.EPOCH, HERE, () -> List.of(news, news), () -> 0);
        PacketHandled handled = new PacketHandled("b#1");

        assertThat(violations(new OnlyMembersHearGossip(), alone, told, handled))
                .isEmpty();
        assertThat(violations(new OnlyMembersHearGossip(), gossip, handled)).hasSize(1);
        assertThat(violations(new OnlyMembersHearGossip(), seen(MemberState.SUSPECT, 1), gossip, handled))
                .isEmpty();
        assertThat(violations(new OnlyMembersHearGossip(), gossip, seen(MemberState.ALIVE, 1), handled))
                .as("it has become known by the same packet")
                .isEmpty();
        assertThat(violations(new OnlyMembersHearGossip(), seen(ELSEWHERE, MemberState.ALIVE, 1), gossip, handled))
                .as("it lives elsewhere")
                .hasSize(1);
        assertThat(violations(
                        new OnlyMembersHearGossip(),
                        seen(MemberState.ALIVE, 1),
                        seen(MemberState.DEAD, 1),
                        gossip,
                        handled))
                .hasSize(1);
    }

    @Test
    void statesFollow() {
        assertThat(violations(new LegalStateTransitions(), seen(MemberState.SUSPECT, 3), seen(MemberState.ALIVE, 4)))
                .isEmpty();
        assertThat(violations(new LegalStateTransitions(), seen(MemberState.SUSPECT, 3), seen(MemberState.ALIVE, 3)))
                .hasSize(1);
        assertThat(violations(new LegalStateTransitions(), seen(MemberState.DEAD, 3), seen(MemberState.LEFT, 3)))
                .hasSize(1);
    }

    @Test
    void heals() {
        Map<String, ActualState> truth = Map.of("a", new ActualState(HERE, new byte[] {1}));
        assertThat(violations(new Convergence(), healed(truth, member(HERE, MemberState.ALIVE, 1))))
                .isEmpty();
        assertThat(violations(new Convergence(), healed(truth))).as("unknown").hasSize(1);
        assertThat(violations(new Convergence(), healed(truth, member(HERE, MemberState.DEAD, 1))))
                .hasSize(1);
        assertThat(violations(new Convergence(), healed(truth, member(HERE, MemberState.SUSPECT, 1))))
                .hasSize(1);
        assertThat(violations(new Convergence(), healed(truth, member(ELSEWHERE, MemberState.ALIVE, 1))))
                .hasSize(1);
        assertThat(violations(
                        new Convergence(),
                        healed(Map.of("a", new ActualState(HERE, new byte[0])), member(HERE, MemberState.ALIVE, 1))))
                .as("old metadata")
                .hasSize(1);
        assertThat(violations(new Convergence(), healed(Map.of(), member(HERE, MemberState.ALIVE, 1))))
                .as("a ghost")
                .hasSize(1);
    }

    private static ResourcesHeld holds(int members, int broadcasts, int timers, int streams) {
        return holds(new ResourceUsage(members, 0, broadcasts, 0, 0), timers, streams, Duration.ZERO);
    }

    private static ResourcesHeld holdsStreamFor(Duration age) {
        return holds(new ResourceUsage(1, 0, 0, 0, 0), 1, 1, age);
    }

    private static ResourcesHeld holds(ResourceUsage held, int timers, int streams, Duration oldestStream) {
        return new ResourcesHeld("a#1", Instant.EPOCH, held, timers, streams, oldestStream, MessagingStatistics.NONE);
    }

    private static HealingOver healed(Map<String, ActualState> truth, Member... view) {
        Map<String, Member> known = new java.util.HashMap<>();
        for (Member member : view) {
            known.put(member.name(), member);
        }
        return new HealingOver("b#1", known, truth, 0);
    }

    private static EventDelivered told(Function<Member, MemberEvent> kind, MemberState state, long incarnation) {
        return new EventDelivered("b#1", kind.apply(member(HERE, state, incarnation)));
    }

    private static MemberChanged seen(MemberState state, long incarnation) {
        return seen(HERE, state, incarnation);
    }

    private static MemberChanged seen(InetSocketAddress address, MemberState state, long incarnation) {
        return new MemberChanged("b#1", "a", member(address, state, incarnation));
    }

    private static Member member(InetSocketAddress address, MemberState state, long incarnation) {
        return new Member(
                "a", address, new byte[] {1}, state, incarnation, new MemberVersions(1, 5, 5, 0, 0, 0), Instant.EPOCH);
    }

    private static List<String> violations(Checker checker, Observation... trace) {
        List<String> violations = new ArrayList<>();
        for (Observation observation : trace) {
            checker.observe(observation, violations::add);
        }
        return violations;
    }
}
