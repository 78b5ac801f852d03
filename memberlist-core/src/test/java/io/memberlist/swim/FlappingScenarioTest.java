package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member fails and comes back again and again. */
class FlappingScenarioTest {
    private static final Duration HALF_LIFE = Duration.ofMinutes(2);
    private static final Duration FAIL_AFTER = Duration.ofSeconds(30);
    private static final UnaryOperator<MemberlistConfigBuilder> DEFAULTS = config -> config;

    private final Map<String, List<String>> events = new LinkedHashMap<>();
    private VirtualCluster cluster = new VirtualCluster(1);
    private List<Memberlist> members = List.of();

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private Memberlist start(String name, UnaryOperator<MemberlistConfigBuilder> configure) {
        List<String> mine = events.computeIfAbsent(name, n -> new ArrayList<>());
        return cluster.start(name, config -> configure.apply(config).delegates(d -> d.event(EventRecorder.into(mine))));
    }

    /** Starts members; the last one is that with which something is wrong. */
    private void startJoined(long seed, int count, UnaryOperator<MemberlistConfigBuilder> configure) {
        cluster = new VirtualCluster(seed);
        events.clear();
        members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Memberlist member = start(i == count - 1 ? "bad" : "node-" + i, configure);
            if (i > 0) {
                cluster.await(member.join(addressOf(members.get(0))));
            }
            members.add(member);
        }
        cluster.runUntil("everybody sees everybody", () -> allSee(members, count));
        cluster.run(Duration.ofSeconds(30));
        events.values().forEach(List::clear);
    }

    private Memberlist bad() {
        return members.get(members.size() - 1);
    }

    private Memberlist healthy() {
        return members.get(0);
    }

    /** {@return what one healthy member was told, but for suspicions} */
    private List<String> told() {
        return changes("node-0");
    }

    private List<String> changes(String observer) {
        return events.get(observer).stream()
                .filter(event -> !event.startsWith("suspected") && !event.startsWith("recovered"))
                .filter(event -> !event.startsWith("local") && !event.startsWith("reachability"))
                .toList();
    }

    /** For five minutes, four of five packets from and to the bad member are lost, and as much of its streams stalls. */
    private void loseMostPackets(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        atTheLink(Duration.ofMinutes(5), (from, to) -> random.nextDouble() < 0.8, () -> true);
    }

    /** For five minutes, nothing reaches the bad member in every other 20 seconds. */
    private void deafen() {
        for (int half = 0; half < 15; half++) {
            boolean isDeaf = half % 2 == 0;
            atTheLink(
                    Duration.ofSeconds(20),
                    (from, to) -> isDeaf && to.equals(bad().localMember().address()),
                    () -> isDeaf);
        }
    }

    private interface Loss {
        boolean hits(InetSocketAddress from, InetSocketAddress to);
    }

    private void atTheLink(Duration time, Loss loss, BooleanSupplier stalls) {
        InetSocketAddress address = bad().localMember().address();
        cluster.network().faults(new LinkFaults() {
            private boolean passes(InetSocketAddress from, InetSocketAddress to) {
                return !from.equals(address) && !to.equals(address);
            }

            @Override
            public List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
                return passes(from, to) || !loss.hits(from, to) ? List.of(new Arrival(0, packet)) : List.of();
            }

            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                boolean isStalled = !passes(from, to) && stalls.getAsBoolean();
                return isStalled ? StreamFate.STALLS : StreamFate.PASSES;
            }
        });
        cluster.run(time);
    }

    private void endTheFaults() {
        cluster.network().faults(LinkFaults.NONE);
        cluster.network().heal();
    }

    /** Cuts the bad member off until the others have found that it failed, and for a moment longer. */
    private void fail() {
        cluster.isolate(bad());
        cluster.runUntil("it has failed", () -> stateOf(healthy(), "bad") == MemberState.DEAD);
        cluster.run(Duration.ofSeconds(1));
    }

    private void comeBack() {
        cluster.network().heal();
        cluster.runUntil("it is back", () -> allSee(members, members.size()));
    }

    private void flap() {
        fail();
        comeBack();
        fail();
        comeBack();
    }

    private void assertThatNobodyHealthyFailed() {
        for (Memberlist member : members.subList(0, members.size() - 1)) {
            assertThat(changes(member.localMember().name())).allMatch(event -> event.endsWith(" bad"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 8, 11})
    void aLinkThatLosesFourOfFivePacketsIsToldAFewTimesAndNobodyHealthyFails(long seed) {
        startJoined(seed, 10, DEFAULTS);
        loseMostPackets(seed);

        assertThatNobodyHealthyFailed();
        for (Memberlist member : members.subList(0, 9)) {
            assertThat(changes(member.localMember().name()))
                    .contains("degraded bad")
                    .hasSizeLessThanOrEqualTo(4); // where it fails before there are other signs
            assertThat(member.degradedMembers())
                    .extracting(each -> each.member().name())
                    .containsExactly("bad");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aMemberThatHearsNothingNowAndThenIsToldAFewTimesAndNobodyHealthyFails(long seed) {
        startJoined(seed, 10, DEFAULTS);
        deafen();

        assertThatNobodyHealthyFailed();
        for (Memberlist member : members.subList(0, 9)) {
            List<String> changes = changes(member.localMember().name());
            assertThat(changes).contains("degraded bad").hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void everyFailureAndReturnIsToldWhereTheSettingIsOff() {
        startJoined(1, 10, config -> config.flapping(f -> f.failures(0)));
        deafen();

        assertThat(told()).hasSizeGreaterThan(10).doesNotContain("degraded bad");
        assertThat(healthy().degradedMembers()).isEmpty();
    }

    @Test
    void aSecondFailureMakesAMemberDegradedAndQuietEndsThat() {
        startJoined(1, 5, DEFAULTS);
        flap();
        flap();
        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad");
        assertThat(healthy().degradedMembers().get(0).member().state()).isEqualTo(MemberState.ALIVE);

        cluster.run(HALF_LIFE.plusSeconds(10));
        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad", "stabilized bad");
        assertThat(healthy().degradedMembers()).isEmpty();
    }

    @Test
    void aDegradedMemberThatStaysDeadHasFailed() {
        startJoined(1, 5, DEFAULTS);
        flap();
        fail();
        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad");

        cluster.run(FAIL_AFTER);
        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad", "failed bad");
        cluster.run(HALF_LIFE.multipliedBy(2));
        assertThat(told()).hasSize(4);
        assertThat(healthy().degradedMembers()).isEmpty();
    }

    @Test
    void whoComesBackAfterItWasToldToHaveFailedIsToldWhenItIsStable() {
        startJoined(1, 5, DEFAULTS);
        flap();
        fail();
        cluster.run(FAIL_AFTER);
        comeBack();
        assertThat(told()).endsWith("degraded bad", "failed bad");

        cluster.run(HALF_LIFE.plusSeconds(10));
        assertThat(told()).endsWith("degraded bad", "failed bad", "joined bad");
    }

    @Test
    void aMemberThatLeavesAndJoinsIsNotDegraded() {
        startJoined(1, 5, DEFAULTS);
        for (int i = 0; i < 3; i++) {
            cluster.await(bad().leave(Duration.ofSeconds(5)));
            cluster.run(Duration.ofSeconds(2));
            cluster.await(bad().join(addressOf(healthy())));
            cluster.runUntil("it is back", () -> allSee(members, 5));
        }

        assertThat(told())
                .containsExactly("left bad", "joined bad", "left bad", "joined bad", "left bad", "joined bad");
    }

    @Test
    void aDegradedMemberThatLeavesHasLeft() {
        startJoined(1, 5, DEFAULTS);
        flap();
        cluster.await(bad().leave(Duration.ofSeconds(5)));
        cluster.run(HALF_LIFE);

        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad", "left bad");
        assertThat(healthy().degradedMembers()).isEmpty();
    }

    @Test
    void changesOfADegradedMemberAreTold() {
        startJoined(1, 5, DEFAULTS);
        flap();
        bad().updateMeta("one".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5));
        cluster.run(Duration.ofSeconds(5));
        fail();
        bad().updateMeta("two".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5));
        comeBack();
        cluster.run(Duration.ofSeconds(5));

        assertThat(told()).endsWith("degraded bad", "updated bad one", "updated bad two");
    }

    @Test
    void aProcessThatTakesTheNameElsewhereJoins() {
        startJoined(1, 5, DEFAULTS);
        flap();
        cluster.crash(bad());
        Memberlist successor = start("bad", DEFAULTS);
        cluster.await(successor.join(addressOf(healthy())));
        cluster.runUntil(
                "it is back",
                () -> healthy()
                        .member("bad")
                        .filter(member -> member.state() == MemberState.ALIVE)
                        .filter(member ->
                                member.address().equals(successor.localMember().address()))
                        .isPresent());

        assertThat(told()).containsExactly("failed bad", "joined bad", "degraded bad", "failed bad", "joined bad");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void realDeathsAreFoundThoughADegradedMemberIsThere(int count) {
        startJoined(1, count, DEFAULTS);
        flap();
        // The death of the first is seen by the second, which is the degraded one itself in a cluster of two.
        Memberlist observer = members.get(1);
        String first = healthy().localMember().name();
        cluster.crash(healthy());
        cluster.runUntil("it has failed", () -> stateOf(observer, first) == MemberState.DEAD);

        assertThat(changes(observer.localMember().name())).last().isIn("failed " + first, "degraded " + first);
    }
}
