package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that stand still for a while, as in a long garbage collection, under SIGSTOP, or in a machine that sleeps. */
class StallScenarioTest {
    private static final int MEMBERS = 9;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private VirtualCluster cluster = new VirtualCluster(1);
    private final List<String> accusations = new ArrayList<>();

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private List<Memberlist> started(int count) {
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "node-" + i;
            members.add(cluster.start(name, config -> config.delegates(d -> d.event(event -> accused(name, event)))));
        }
        members.subList(1, count).forEach(member -> member.join(VirtualCluster.addressOf(members.get(0))));
        cluster.runUntil("all see all", () -> VirtualCluster.allSee(members, count));
        cluster.run(Duration.ofSeconds(60));
        return members;
    }

    /** An hour takes seconds to simulate. */
    private static int seeds(Duration lasts) {
        return lasts.toMinutes() > 1 ? 2 : 10;
    }

    private void accused(String by, MemberEvent event) {
        if (event instanceof MemberEvent.Suspected || event instanceof MemberEvent.Failed) {
            accusations.add(by + " " + event.getClass().getSimpleName() + " "
                    + event.member().name());
        }
    }

    private static Set<InetSocketAddress> addresses(List<Memberlist> members) {
        Set<InetSocketAddress> addresses = new HashSet<>();
        members.forEach(member -> addresses.add(member.localMember().address()));
        return addresses;
    }

    /** @param deaf whether the network is gone meanwhile, so that nothing waits in the sockets */
    private void pause(List<Memberlist> paused, Duration lasts, boolean deaf) {
        Set<InetSocketAddress> stopped = addresses(paused);
        stopped.forEach(cluster.network()::pause);
        if (deaf) {
            cluster.network().cut((from, to) -> stopped.contains(from) || stopped.contains(to));
        }
        cluster.run(lasts);
        cluster.network().heal();
        stopped.forEach(cluster.network()::resume);
    }

    private static boolean allTrustAll(List<Memberlist> members) {
        return members.stream()
                .allMatch(one -> members.stream()
                        .allMatch(other -> stateOf(one, other.localMember().name()) == MemberState.ALIVE));
    }

    static Stream<Arguments> pauses() {
        return Stream.of(1L, 10L, 60L, 3600L)
                .flatMap(seconds -> Stream.of(1, 3)
                        .flatMap(paused -> Stream.of(false, true)
                                .map(deaf -> Arguments.of(Duration.ofSeconds(seconds), paused, deaf))));
    }

    @ParameterizedTest
    @MethodSource("pauses")
    void whoWakesAccusesNobodyAndIsBelievedWithinASecondOfItsFirstWord(Duration lasts, int number, boolean deaf) {
        List<String> late = new ArrayList<>();
        for (int seed = 1; seed <= seeds(lasts); seed++) {
            cluster = new VirtualCluster(seed);
            List<Memberlist> members = started(MEMBERS);
            cluster.run(Duration.ofMillis(137 * seed));
            List<Memberlist> paused = members.subList(MEMBERS - number, MEMBERS);
            accusations.clear();
            pause(paused, lasts, deaf);
            assertThat(accusations)
                    .as("about those that ran, seed %d", seed)
                    .allMatch(text -> paused.stream()
                            .anyMatch(
                                    one -> text.endsWith(" " + one.localMember().name())));
            Set<String> asleep =
                    paused.stream().map(one -> one.localMember().name()).collect(Collectors.toSet());
            accusations.clear();
            long[] sent = paused.stream()
                    .mapToLong(one -> one.statistics().packetsSent())
                    .toArray();
            cluster.runUntil(
                    "the first word of each",
                    () -> IntStream.range(0, number)
                            .allMatch(i -> paused.get(i).statistics().packetsSent() > sent[i]));
            Duration took = cluster.runUntil("all trust all", () -> allTrustAll(members));
            if (took.compareTo(A_SECOND) > 0) {
                late.add("seed " + seed + " " + took);
            }
            cluster.run(Duration.ofMinutes(1));
            assertThat(accusations)
                    .as("about those that ran, seed %d", seed)
                    .allMatch(text -> asleep.contains(text.substring(text.lastIndexOf(' ') + 1)));
            assertThat(allTrustAll(members)).isTrue();
        }
        assertThat(late).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60, 3600})
    void theOnlyOtherMemberIsFoundDeadThoughItDiedWhileThisOneStoodStill(int seconds) {
        for (int seed = 1; seed <= 10; seed++) {
            cluster = new VirtualCluster(seed);
            List<Memberlist> members = started(2);
            Memberlist survivor = members.get(0);
            cluster.network().pause(survivor.localMember().address());
            cluster.run(Duration.ofMillis(seconds * 500L));
            cluster.crash(members.get(1));
            cluster.run(Duration.ofMillis(seconds * 500L));
            cluster.network().resume(survivor.localMember().address());

            Duration took = cluster.runUntil("it is found dead", () -> survivor.numMembers() == 1);

            assertThat(took).as("seed %d", seed).isLessThan(Duration.ofSeconds(12));
        }
    }

    /** Processor time that is taken away again and again must not keep a dead member alive. */
    @Test
    void theDeadAreFoundByAMemberThatStandsStillAgainAndAgain() {
        List<Memberlist> members = started(2);
        Memberlist survivor = members.get(0);
        cluster.crash(members.get(1));
        Duration before = Duration.ofNanos(cluster.time().nanos());
        for (int i = 0; i < 60 && survivor.numMembers() > 1; i++) {
            cluster.run(Duration.ofMillis(300));
            cluster.network().pause(survivor.localMember().address());
            cluster.run(Duration.ofMillis(700));
            cluster.network().resume(survivor.localMember().address());
        }

        assertThat(survivor.numMembers()).isEqualTo(1);
        assertThat(Duration.ofNanos(cluster.time().nanos()).minus(before)).isLessThan(Duration.ofSeconds(30));
    }

    /** The refutation came while this member could hear nothing. */
    @ParameterizedTest
    @ValueSource(ints = {10, 60, 3600})
    void aSuspicionThatRanOutMeanwhileGetsItsTimeBack(int seconds) {
        for (int seed = 1; seed <= seeds(Duration.ofSeconds(seconds)); seed++) {
            cluster = new VirtualCluster(seed);
            List<Memberlist> members = started(MEMBERS);
            Memberlist observer = members.get(0);
            Memberlist suspected = members.get(1);
            InetSocketAddress address = suspected.localMember().address();
            cluster.network().cut((from, to) -> from.equals(address) || to.equals(address));
            cluster.runUntil("it is suspected", () -> stateOf(observer, "node-1") == MemberState.SUSPECT);
            accusations.clear();
            pause(List.of(observer), Duration.ofSeconds(seconds), true);
            cluster.run(Duration.ofMinutes(1));

            assertThat(accusations).as("seed %d", seed).noneMatch(text -> text.startsWith("node-0 Failed"));
        }
    }
}
