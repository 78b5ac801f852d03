package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.NameConflict;
import io.memberlist.member.NameTakenException;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second process claims a name: the successor of a killed one, which must get it soon, or a mistake, which must not. */
class NameConflictScenarioTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<String> conflicts = new ArrayList<>();
    private final List<Member> suspected = new ArrayList<>();
    private VirtualCluster cluster = new VirtualCluster(1);

    private static InetSocketAddress at(Memberlist member) {
        return member.localMember().address();
    }

    private List<Memberlist> started(int count) {
        return cluster.startJoined(
                count,
                config -> config.delegates(d -> d.event(this::seen)
                        .conflict((existing, other) -> conflicts.add(existing.address() + " and " + other.address()))));
    }

    private void seen(MemberEvent event) {
        if (event instanceof MemberEvent.Suspected suspicion) {
            suspected.add(suspicion.member());
        }
    }

    /** Kills a member and starts another one under its name, which gets another address. */
    private Memberlist replace(List<Memberlist> members, int index) {
        cluster.crash(members.get(index));
        Memberlist successor = cluster.start("node-" + index);
        members.set(index, successor);
        return successor;
    }

    private static boolean whole(List<Memberlist> members) {
        return allSee(members, members.size())
                && members.stream()
                        .allMatch(observer -> members.stream()
                                .allMatch(member -> observer.member(
                                                member.localMember().name())
                                        .filter(known -> known.address().equals(at(member)))
                                        .isPresent()));
    }

    private CompletableFuture<JoinResult> join(Memberlist member, List<Memberlist> seeds) {
        return member.join(seeds.stream().map(VirtualCluster::addressOf).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 7, 8, 9, 11})
    void aKilledMemberThatComesBackElsewhereIsAMemberAgainWithinTenSeconds(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = started(2 + (int) seed % 5);
        Memberlist successor = replace(members, 1);
        CompletableFuture<JoinResult> joined = join(successor, List.of(members.get(0)));

        Duration took = cluster.runUntil("everybody knows the successor", () -> whole(members));

        assertThat(took).isLessThan(SOON);
        assertThat(cluster.await(joined).count()).isEqualTo(1);
        assertThat(successor.nameConflict()).isEmpty();
        assertThat(conflicts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void membersThatAreReplacedOneAfterTheOtherAreWholeWithinTwentySeconds(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = started(5);
        for (int i = 4; i >= 0; i--) {
            Memberlist successor = replace(members, i);
            join(successor, members);
            cluster.run(Duration.ofSeconds(2));
        }

        Duration took = cluster.runUntil("the cluster is whole", () -> whole(members));

        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void allButOneAreReplacedAtOnce(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = started(5);
        for (int i = 1; i < 5; i++) {
            join(replace(members, i), List.of(members.get(0)));
        }

        Duration took = cluster.runUntil("the cluster is whole", () -> whole(members));

        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void whoeverClaimsTheNameOfALiveMemberStaysOutAndIsToldWhoHasIt() {
        List<Memberlist> members = started(3);
        Memberlist second = cluster.start(
                "node-1",
                config -> config.delegates(
                        d -> d.conflict((existing, other) -> conflicts.add("claimant: " + other.address()))));

        assertThatThrownBy(() -> cluster.await(join(second, List.of(members.get(0)))))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("the name 'node-1' is taken by " + addressOf(members.get(1)))
                .hasMessageContaining("memberlist.node-name")
                .satisfies(failure -> assertThat(
                                ((JoinException) failure).result().failures().values())
                        .hasOnlyElementsOfType(NameTakenException.class));
        cluster.run(Duration.ofMinutes(2));

        assertThat(second.numMembers()).isEqualTo(1);
        NameConflict conflict = second.nameConflict().orElseThrow();
        assertThat(conflict.holder()).isEqualTo(at(members.get(1)));
        assertThat(conflict.answers()).isTrue();
        assertThat(whole(members)).isTrue();
        assertThat(members)
                .allSatisfy(member -> assertThat(member.nameConflict()).isEmpty());
        assertThat(conflicts).contains("claimant: " + at(members.get(1)), at(members.get(1)) + " and " + at(second));
        assertThat(conflicts)
                .filteredOn(report -> report.startsWith(at(members.get(1)) + " and "))
                .as("reports of three members, once a minute")
                .hasSizeLessThanOrEqualTo(9);
    }

    @Test
    void whoStaysOutIsToldSoForAsLongAsTheOtherProcessLivesThoughNobodyElseDoes() {
        List<Memberlist> members = started(2);
        Memberlist second = cluster.start("node-1");
        CompletableFuture<JoinResult> refused = join(second, List.of(members.get(0)));
        cluster.runUntil("the join has failed", refused::isCompletedExceptionally);
        NameConflict told = second.nameConflict().orElseThrow();

        cluster.crash(members.get(0));
        for (int i = 0; i < 120; i++) {
            cluster.run(Duration.ofSeconds(1));
            assertThat(second.nameConflict()).contains(told);
        }

        cluster.crash(members.get(1));
        cluster.runUntil("nobody has the name", () -> second.nameConflict().isEmpty());
        assertThat(second.numMembers()).isEqualTo(1);
    }

    @Test
    void whoStaysOutBringsNobodyIn() {
        List<Memberlist> members = started(3);
        Memberlist second = cluster.start("node-1");
        join(second, List.of(members.get(0)));
        cluster.run(Duration.ofSeconds(5));

        Memberlist newcomer = cluster.start("newcomer");
        join(newcomer, List.of(second, members.get(0)));
        cluster.run(Duration.ofMinutes(2));

        assertThat(second.numMembers()).isEqualTo(1);
        assertThat(newcomer.member("node-1").orElseThrow().address()).isEqualTo(at(members.get(1)));
        assertThat(newcomer.numMembers()).isEqualTo(4);
    }

    @Test
    void aNewcomerBecomesAMemberByItselfWhenTheNameIsFree() {
        List<Memberlist> members = started(3);
        Memberlist second = cluster.start("node-1");
        CompletableFuture<JoinResult> refused = join(second, List.of(members.get(0)));
        cluster.runUntil("the join has failed", refused::isCompletedExceptionally);
        cluster.run(Duration.ofSeconds(30));

        cluster.crash(members.get(1));
        members.set(1, second);
        Duration took = cluster.runUntil("the second process is a member", () -> whole(members));

        assertThat(took).isLessThan(SOON);
        for (int i = 0; i < 100; i++) {
            assertThat(second.nameConflict()).isEmpty();
            cluster.run(Duration.ofMillis(100));
        }
    }

    @Test
    void aMemberThatIsPausedForLongerThanASuspicionKeepsItsName() {
        List<Memberlist> members = started(4);
        InetSocketAddress paused = at(members.get(1));
        cluster.network().pause(paused);
        Memberlist second = cluster.start("node-1");
        join(second, List.of(members.get(0), members.get(2)));
        cluster.run(Duration.ofSeconds(25));
        assertThat(members.get(0).member("node-1").orElseThrow().state()).isEqualTo(MemberState.DEAD);
        assertThat(second.nameConflict()).isPresent();

        cluster.network().resume(paused);
        cluster.runUntil("it is a member again", () -> whole(members));

        cluster.run(Duration.ofMinutes(1));
        assertThat(whole(members)).isTrue();
        assertThat(second.numMembers()).isEqualTo(1);
    }

    @Test
    void aPausedMemberKeepsItsNameAlthoughTwoConnectionsToItAreLost() {
        List<Memberlist> members = started(4);
        Memberlist first = members.remove(1);
        InetSocketAddress paused = at(first);
        cluster.network().pause(paused);
        cluster.runUntil(
                "all take it for dead",
                () -> members.stream().allMatch(other -> stateOf(other, "node-1") == MemberState.DEAD));
        cluster.run(Duration.ofSeconds(3));
        Map<InetSocketAddress, Integer> opened = new HashMap<>();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                boolean lost = to.equals(paused) && opened.merge(from, 1, Integer::sum) <= 2;
                return lost ? StreamFate.STALLS : StreamFate.PASSES;
            }
        });
        Memberlist second = cluster.start("node-1");
        join(second, members);
        cluster.run(Duration.ofSeconds(8));

        assertThat(members)
                .allSatisfy(
                        other -> assertThat(other.member("node-1").orElseThrow().address())
                                .isEqualTo(paused));
        cluster.network().resume(paused);
        members.add(first);
        cluster.runUntil("it is a member again", () -> whole(members));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void pausesAndLossNeverGiveTheNameOfALiveMemberAway(long seed) {
        cluster = new VirtualCluster(seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Memberlist> members = started(5);
        cluster.network().loss(random.nextDouble(0.3));
        Memberlist second = cluster.start("node-2");
        for (int i = 0; i < 20; i++) {
            join(second, List.of(members.get(random.nextInt(5)), members.get(random.nextInt(5))));
            InetSocketAddress victim = at(members.get(random.nextBoolean() ? 2 : random.nextInt(5)));
            cluster.network().pause(victim);
            cluster.run(Duration.ofMillis(random.nextInt(1, 20_000)));
            cluster.network().resume(victim);
            cluster.run(Duration.ofMillis(random.nextInt(1, 10_000)));
            assertThat(members)
                    .allSatisfy(member -> assertThat(
                                    member.member("node-2").orElseThrow().address())
                            .isEqualTo(at(members.get(2))));
        }
        cluster.network().loss(0);

        cluster.runUntil("the five are whole", () -> whole(members));
        assertThat(second.nameConflict()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMemberThatIsCutOffInOneDirectionKeepsItsName(boolean sends) {
        List<Memberlist> members = started(4);
        InetSocketAddress victim = at(members.get(1));
        Memberlist second = cluster.start("node-1");
        cluster.network().cut((from, to) -> sends ? to.equals(victim) : from.equals(victim));
        join(second, List.of(members.get(0), members.get(2)));
        cluster.run(Duration.ofSeconds(14));

        cluster.network().heal();
        cluster.runUntil("it is a member again", () -> whole(members));

        cluster.run(Duration.ofMinutes(1));
        assertThat(whole(members)).isTrue();
    }

    /** The network swallows packets to an address that is gone. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aKilledMemberWhoseAddressIsSilentIsReplacedSoonWhereAReclaimTimeIsSet(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = new ArrayList<>(
                cluster.startJoined(3 + (int) seed % 3, config -> config.deadNodeReclaimTime(Duration.ofSeconds(2))));
        InetSocketAddress old = at(members.get(1));
        cluster.network().cut((from, to) -> from.equals(old) || to.equals(old));
        join(replace(members, 1), List.of(members.get(0)));

        Duration took = cluster.runUntil("everybody knows the successor", () -> whole(members));

        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    /** If members gave the name away one after the other, some would know one process for ever, and some the other. */
    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8, 9, 10, 11, 12, 14, 20})
    void aMemberThatIsCutOffWhileItsNameIsClaimedKeepsItAtAllOthers(long seconds) {
        for (long seed = 1; seed <= 5; seed++) {
            cluster = new VirtualCluster(100 * seconds + seed);
            List<Memberlist> members = started(5);
            cluster.isolate(members.get(1));
            Memberlist second = cluster.start("node-1");
            join(second, List.of(members.get(0), members.get(2)));
            cluster.run(Duration.ofSeconds(seconds));

            cluster.network().heal();
            cluster.runUntil("it is a member again", () -> whole(members));
            cluster.run(Duration.ofMinutes(3));

            assertThat(whole(members)).isTrue();
            assertThat(second.nameConflict()).isPresent();
        }
    }

    @Test
    void aMemberThatWasReplacedWhileItWasCutOffIsToldSoWhenItIsBack() {
        List<Memberlist> members = started(4);
        Memberlist first = members.get(1);
        cluster.isolate(first);
        Memberlist second = cluster.start("node-1");
        members.set(1, second);
        join(second, List.of(members.get(0)));
        cluster.runUntil("the name has moved", () -> whole(members));
        cluster.run(Duration.ofSeconds(70));

        cluster.network().heal();
        cluster.runUntil("the first process knows", () -> first.nameConflict().isPresent());

        assertThat(first.nameConflict().orElseThrow().holder()).isEqualTo(at(second));
        cluster.run(Duration.ofMinutes(5));
        assertThat(whole(members)).isTrue();
    }

    /** A firewall refuses connections to the member, and a packet may be lost. */
    @Test
    void aMemberWhoseStreamsAreRefusedIsNotSuspectedForOneLostAck() {
        List<Memberlist> members = started(4);
        InetSocketAddress claimed = at(members.get(2));
        InetSocketAddress asker = at(members.get(0));
        cluster.network().faults(refusingStreamsTo(claimed));
        Memberlist second = cluster.start("node-2");

        for (int i = 0; i < 10; i++) {
            join(second, List.of(members.get(0)));
            cluster.network().cutPackets((from, to) -> from.equals(claimed) && to.equals(asker));
            // Shorter than the probe timeout, so it costs one ack.
            cluster.run(Duration.ofMillis(300));
            cluster.network().heal();
            cluster.run(Duration.ofSeconds(20));
        }

        assertThat(suspected).isEmpty();
        assertThat(whole(members)).isTrue();
    }

    /** All others reach the member, but this one finds it absent. */
    @Test
    void aMemberThatRefutesIsNotSuspectedForAClaimAtOnceAgain() {
        List<Memberlist> members = started(5);
        InetSocketAddress claimed = at(members.get(2));
        InetSocketAddress asker = at(members.get(0));
        cluster.network().faults(refusingStreamsTo(claimed));
        cluster.network()
                .cutPackets((from, to) ->
                        from.equals(claimed) && to.equals(asker) || from.equals(asker) && to.equals(claimed));
        Memberlist second = cluster.start("node-2");

        for (int i = 0; i < 60; i++) {
            join(second, List.of(members.get(0)));
            cluster.run(Duration.ofSeconds(1));
            assertThat(members.get(0).member("node-2").orElseThrow().state().isLive())
                    .isTrue();
        }

        // Each suspicion costs an incarnation.
        assertThat(members.get(2).localMember().incarnation()).isBetween(2L, 8L);
    }

    /** Both have the other as a seed, and know nobody else. Whoever asks finds the other there before it. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 100, 1000, 5000})
    void ofTwoNamesakesThatKnowNobodyElseTheOneThatWasAskedIsAdmittedByAll(long millisBetween) {
        Memberlist asks = cluster.start("same");
        Memberlist wasThere = cluster.start("same");
        join(asks, List.of(wasThere));
        cluster.run(Duration.ofMillis(millisBetween));
        join(wasThere, List.of(asks));
        cluster.run(Duration.ofSeconds(10));
        Memberlist third = cluster.start("third");
        Memberlist fourth = cluster.start("fourth");
        join(third, List.of(wasThere, asks));
        join(fourth, List.of(asks, wasThere));

        cluster.runUntil("one of them is admitted", () -> third.numMembers() == 3 && fourth.numMembers() == 3);
        cluster.run(Duration.ofMinutes(2));

        InetSocketAddress holder = third.member("same").orElseThrow().address();
        assertThat(fourth.member("same").orElseThrow().address()).isEqualTo(holder);
        Memberlist winner = holder.equals(at(asks)) ? asks : wasThere;
        Memberlist loser = winner == asks ? wasThere : asks;
        assertThat(winner == wasThere || millisBetween < 5)
                .as("if both ask at the same time, either may win")
                .isTrue();
        assertThat(winner.nameConflict()).isEmpty();
        assertThat(loser.nameConflict().orElseThrow().holder()).isEqualTo(holder);
        assertThat(winner.numMembers()).isEqualTo(3);
    }

    private static LinkFaults refusingStreamsTo(InetSocketAddress address) {
        return new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return to.equals(address) ? StreamFate.REFUSED : StreamFate.PASSES;
            }
        };
    }
}
