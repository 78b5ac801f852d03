package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is silent for a time while another one claims its name, and members give the name away one after the other. In the
 * end all must know the same process under the name, and the other one must be told.
 *
 * <p>More cuts are made by hand with {@code -DargLine=-Dmemberlist.cuts=30}, a number for each length.
 */
class SplitNameScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};

    private static final int CUTS = Integer.getInteger("memberlist.cuts", 3);

    private VirtualCluster cluster = new VirtualCluster(1);

    private static InetSocketAddress at(Memberlist member) {
        return member.localMember().address();
    }

    private static Optional<InetSocketAddress> holder(Memberlist observer, String name) {
        return observer.member(name).map(Member::address);
    }

    private static boolean allKnow(List<Memberlist> observers, Memberlist holder) {
        String name = holder.localMember().name();
        return observers.stream()
                .allMatch(observer -> holder(observer, name).equals(Optional.of(at(holder)))
                        && VirtualCluster.stateOf(observer, name) == MemberState.ALIVE);
    }

    private static void join(Memberlist member, Memberlist... seeds) {
        member.join(Arrays.stream(seeds).map(VirtualCluster::addressOf).toList());
    }

    /** {@return a second process of the name, which claims it through some members} */
    private Memberlist claimant(String name, Memberlist... seeds) {
        Memberlist second = cluster.start(name);
        join(second, seeds);
        return second;
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 30, 45})
    void whoIsCutOffForLessThanAMinuteHasItsNameAtAllOthersInTheEnd(long seconds) {
        for (int seed = 1; seed <= CUTS; seed++) {
            SplittableRandom random = new SplittableRandom(100 * seconds + seed);
            cluster = new VirtualCluster(1000 * seconds + seed);
            List<Memberlist> others = cluster.startJoined(random.nextInt(3, 9), config -> config);
            Memberlist first = others.remove(1);
            cluster.isolate(first);
            Memberlist second = claimant("node-1", others.get(0), others.get(1));
            cluster.run(Duration.ofMillis(seconds * 1000 + random.nextInt(1000)));

            cluster.network().heal();
            cluster.runUntil("all know the first", () -> allKnow(others, first) && first.numMembers() > others.size());
            cluster.runUntil("the second is told", () -> second.nameConflict().isPresent());
            cluster.run(Duration.ofMinutes(1));

            assertThat(allKnow(others, first)).isTrue();
            assertThat(first.nameConflict()).isEmpty();
            assertThat(second.nameConflict().orElseThrow().holder()).isEqualTo(at(first));
        }
    }

    /** Some members gave the name away more than a minute ago, and some less. */
    @ParameterizedTest
    @ValueSource(longs = {66, 67, 68, 69, 70, 71, 72, 73, 74, 75})
    void allAgreeAlthoughTheFirstIsBackWhenTheMinuteIsOverForSomeOnly(long seconds) {
        SplittableRandom random = new SplittableRandom(seconds);
        cluster = new VirtualCluster(seconds);
        List<Memberlist> others = cluster.startJoined(random.nextInt(3, 9), config -> config);
        Memberlist first = others.remove(1);
        cluster.isolate(first);
        Memberlist second = claimant("node-1", others.get(0), others.get(1));
        cluster.run(Duration.ofMillis(seconds * 1000 + random.nextInt(1000)));

        cluster.network().heal();
        cluster.run(Duration.ofMinutes(2));

        assertThat(allKnow(others, first)).isNotEqualTo(allKnow(others, second));
        Memberlist loser = allKnow(others, first) ? second : first;
        assertThat(loser.nameConflict()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void afterAPartitionWithAProcessOfTheNameOnEitherSideAllKnowTheFirst(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> others = cluster.startJoined(6, config -> config);
        Memberlist first = others.remove(1);
        Memberlist beside = others.get(4);
        List<InetSocketAddress> minority = List.of(at(first), at(beside));
        cluster.network().cut((from, to) -> minority.contains(from) != minority.contains(to));
        Memberlist second = claimant("node-1", others.get(0));
        cluster.run(Duration.ofMinutes(10));
        assertThat(allKnow(others.subList(0, 4), second)).isTrue();
        assertThat(allKnow(List.of(beside), first)).isTrue();

        cluster.network().heal();
        cluster.runUntil("all know the first", () -> allKnow(others, first));
        cluster.run(Duration.ofMinutes(3));

        assertThat(allKnow(others, first)).isTrue();
        assertThat(second.nameConflict()).isPresent();
    }

    @Test
    void whoWasReplacedTwiceIsStillTheFirst() {
        List<Memberlist> others = cluster.startJoined(4, config -> config);
        Memberlist first = others.remove(1);
        cluster.isolate(first);
        Memberlist second = claimant("node-1", others.get(0));
        cluster.runUntil("all know the second", () -> allKnow(others, second));
        cluster.crash(second);
        Memberlist third = claimant("node-1", others.get(0));
        cluster.runUntil("all know the third", () -> allKnow(others, third));

        cluster.network().heal();
        cluster.runUntil("all know the first", () -> allKnow(others, first));
        cluster.run(Duration.ofMinutes(3));

        assertThat(allKnow(others, first)).isTrue();
    }

    @Test
    void theApplicationIsNotifiedThatOneProcessEndedAndTheOtherIsBack() {
        List<String> events = new ArrayList<>();
        List<Memberlist> others = cluster.startJoined(
                3,
                config -> config.delegates(d -> d.event(event -> {
                    if (event.member().name().equals("node-1") && !(event instanceof MemberEvent.Suspected)) {
                        events.add(event.getClass().getSimpleName() + " "
                                + event.member().address());
                    }
                })));
        Memberlist first = others.remove(1);
        Memberlist observer = others.remove(1);
        cluster.isolate(first);
        Memberlist second = claimant("node-1", others.get(0));
        cluster.runUntil("it knows the second", () -> allKnow(List.of(observer), second));
        events.clear();
        cluster.network().heal();
        cluster.runUntil("all know the first", () -> allKnow(List.of(observer, others.get(0)), first));

        assertThat(events).containsSubsequence("Failed " + at(second), "Joined " + at(first));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void membersThatAreReplacedOneAfterTheOtherAreWholeWithinTwentySecondsAlthoughTheirAddressesAreSilent(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = cluster.startJoined(5, config -> config);
        List<InetSocketAddress> gone = new ArrayList<>();
        cluster.network().cut((from, to) -> gone.contains(from) || gone.contains(to));
        for (int i = 4; i >= 0; i--) {
            gone.add(at(members.get(i)));
            cluster.crash(members.get(i));
            members.set(i, claimant("node-" + i, members.get((i + 1) % 5), members.get((i + 2) % 5)));
            cluster.run(Duration.ofSeconds(2));
        }

        Duration took = cluster.runUntil(
                "the cluster is whole",
                () -> members.stream().allMatch(member -> member.numMembers() == 5 && allKnow(members, member)));

        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoseOwnNetworkIsGoneGivesNoNameAway(boolean refused) {
        List<Memberlist> members = cluster.startJoined(4, config -> config);
        Memberlist second = claimant("node-1", members.get(0), members.get(2));
        cluster.run(Duration.ofSeconds(10));
        Memberlist cutOff = members.get(2);
        InetSocketAddress cutOffAt = at(cutOff);
        cluster.network().cutPackets((from, to) -> from.equals(cutOffAt) || to.equals(cutOffAt));
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                boolean gone = from.equals(cutOffAt) || to.equals(cutOffAt);
                return !gone ? StreamFate.PASSES : refused ? StreamFate.REFUSED : StreamFate.STALLS;
            }
        });

        for (int i = 0; i < 60; i++) {
            cluster.run(Duration.ofSeconds(1));
            assertThat(holder(cutOff, "node-1")).isNotEqualTo(Optional.of(at(second)));
        }
        cluster.network().heal();
        cluster.network().faults(new LinkFaults() {});
        cluster.runUntil(
                "all know the first",
                () -> members.stream().allMatch(member -> member.numMembers() == 4 && allKnow(members, member)));
    }

    @Test
    void aForgedClaimMovesTheNameOfASilentMemberNowhere() {
        List<Memberlist> members = cluster.startJoined(4, config -> config);
        Memberlist first = members.remove(1);
        InetSocketAddress silent = at(first);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        cluster.isolate(first);
        for (int i = 0; i < 25; i++) {
            members.forEach(member -> liar.send(
                    member, new Alive(1000, "node-1", new byte[] {10, 9, 9, 9}, 7946, new byte[0], VERSIONS)));
            cluster.run(Duration.ofSeconds(1));
            assertThat(members)
                    .allSatisfy(member -> assertThat(holder(member, "node-1")).contains(silent));
        }

        cluster.network().heal();
        cluster.runUntil("all know it", () -> allKnow(members, first));
    }

    /** Whoever forges claims of a former process makes members open streams to it, and must not make them open many. */
    @Test
    void forgedClaimsOfAFormerProcessCostOneStreamInAProbeInterval() {
        List<Memberlist> others = cluster.startJoined(3, config -> config);
        Memberlist first = others.remove(1);
        InetSocketAddress gone = at(first);
        cluster.isolate(first);
        Memberlist second = claimant("node-1", others.get(0));
        cluster.runUntil("all know the second", () -> allKnow(others, second));
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        List<Long> opened = new ArrayList<>();
        cluster.network().cut((from, to) -> {
            if (to.equals(gone) && from.equals(at(others.get(0)))) {
                opened.add(cluster.time().nanos());
            }
            return from.equals(gone) || to.equals(gone);
        });
        for (int i = 0; i < 500; i++) {
            byte[] address = gone.getAddress().getAddress();
            liar.send(others.get(0), new Alive(1000 + i, "node-1", address, 7946, new byte[0], VERSIONS));
            cluster.run(Duration.ofMillis(20));
        }

        assertThat(opened).hasSizeBetween(1, 11);
        assertThat(allKnow(others, second)).isTrue();
    }
}
