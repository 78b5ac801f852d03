package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.JoinResult;
import io.memberlist.testing.VirtualCluster;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many members join at the same moment. */
class StormScenarioTest {
    private static final int MEMBERS = 100;

    private VirtualCluster cluster = new VirtualCluster(1);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private List<Memberlist> storm() {
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(cluster.start("node-" + i));
        }
        members.subList(1, MEMBERS).forEach(member -> member.join(VirtualCluster.addressOf(members.get(0))));
        return members;
    }

    private static boolean allSee(List<Memberlist> members, int count) {
        return members.stream().allMatch(member -> member.numMembers() == count);
    }

    /** Gossip alone took 2.2 s and 3 MB, since each of them spread all that the seed had told it, and 1.6 MB what others told it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allSeeEachOtherSoonAndSpreadWhatTheSeedTellsThemNoFurther(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = storm();

        Duration took = cluster.runUntil("all see all", () -> allSee(members, MEMBERS));
        cluster.run(Duration.ofSeconds(10));

        assertThat(took).isLessThan(Duration.ofSeconds(2));
        assertThat(members.stream()
                        .mapToLong(member -> member.statistics().bytesSent())
                        .sum())
                .isLessThan(1_300_000);
    }

    /** A seed that turned away those beyond the number served at a time saw them again a second or two later. */
    @Test
    void moreJoinThanAreServedAtATimeAndNoneIsTurnedAway() {
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < 3 * MEMBERS; i++) {
            members.add(cluster.start("node-" + i));
        }
        Memberlist seed = members.get(0);
        List<CompletableFuture<JoinResult>> joins = members.subList(1, members.size()).stream()
                .map(member -> member.join(VirtualCluster.addressOf(seed)))
                .toList();

        Duration took = cluster.runUntil("all see all", () -> allSee(members, 3 * MEMBERS));

        assertThat(joins).allMatch(join -> !join.isCompletedExceptionally());
        assertThat(seed.statistics().drops()).doesNotContainKey("too_many_push_pulls");
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    /** The seed asks its application for its state once for all who come while it is asked, and they find each other in the answer. */
    @Test
    void whoComesWhileAStateIsCollectedIsAnsweredTogetherWithTheOthers() {
        Queue<Runnable> questions = new ArrayDeque<>();
        List<Boolean> asked = new ArrayList<>();
        Memberlist seed = cluster.start(
                "seed",
                config -> config.callbackExecutor(questions::add).delegates(d -> d.state(new NotedState(asked))));
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            members.add(cluster.start("node-" + i));
        }
        members.forEach(member -> member.join(VirtualCluster.addressOf(seed)));
        cluster.run(Duration.ofMillis(200));

        for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
            question.run();
        }
        cluster.run(Duration.ofMillis(100));

        assertThat(asked).containsExactly(true);
        // The first one is merged after its answer, as in the Go library.
        assertThat(members).allMatch(member -> member.numMembers() >= 300);
        assertThat(seed.statistics().drops()).doesNotContainKey("too_many_push_pulls");
    }

    /** They ask within a second or so: a state that is a tenth of a second old tells them enough. */
    @Test
    void whoAsksOnceMoreIsAnsweredTogetherWithTheOthers() {
        List<Boolean> asked = new ArrayList<>();
        Memberlist seed = cluster.start("seed", config -> config.delegates(d -> d.state(new NotedState(asked))));
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            members.add(cluster.start("node-" + i));
        }
        join(members, seed);
        cluster.run(Duration.ofSeconds(2));

        assertThat(seed.statistics().streamsAccepted()).isGreaterThanOrEqualTo(400);
        assertThat(asked.stream().filter(join -> !join)).hasSizeBetween(1, 25);
    }

    /** The last ones are met soon as well: gossip alone misses some, and the periodic exchange comes after minutes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void membersThatJoinOneAfterTheOtherAllSeeEachOtherSoonAfterTheLast(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> members = new ArrayList<>(List.of(cluster.start("node-0")));
        while (members.size() < 2 * MEMBERS) {
            Memberlist newcomer = cluster.start("node-" + members.size());
            cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
            cluster.run(Duration.ofMillis(15));
            members.add(newcomer);
        }

        assertThat(cluster.runUntil("all see all", () -> allSee(members, 2 * MEMBERS)))
                .isLessThan(Duration.ofSeconds(3));
        assertThat(exchanges(members)).isLessThan(7 * members.size());
    }

    /** An application that does not answer is waited for once, and not by each of those who join one after the other. */
    @Test
    void whoJoinsWhileTheApplicationDoesNotAnswerIsAnsweredWithoutItsState() {
        List<Runnable> stuck = new ArrayList<>();
        Memberlist seed = cluster.start(
                "seed", config -> config.callbackExecutor(stuck::add).delegates(d -> d.state(new NoState())));
        List<Memberlist> members = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            members.add(cluster.start("node-" + i));
        }
        List<CompletableFuture<JoinResult>> first = join(members.subList(0, 20), seed);
        cluster.run(Duration.ofSeconds(6));

        List<CompletableFuture<JoinResult>> later = join(members.subList(20, 40), seed);
        cluster.run(Duration.ofMillis(500));

        assertThat(first).allMatch(join -> join.isDone() && !join.isCompletedExceptionally());
        assertThat(later).allMatch(join -> join.isDone() && !join.isCompletedExceptionally());
    }

    private static List<CompletableFuture<JoinResult>> join(List<Memberlist> members, Memberlist seed) {
        return members.stream()
                .map(member -> member.join(VirtualCluster.addressOf(seed)))
                .toList();
    }

    private static class NoState implements StateDelegate {
        @Override
        public byte[] localState(boolean join) {
            return new byte[0];
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {}
    }

    /** Notes each question of the engine for the state. */
    private static final class NotedState extends NoState {
        private final List<Boolean> asked;

        NotedState(List<Boolean> asked) {
            this.asked = asked;
        }

        @Override
        public byte[] localState(boolean join) {
            asked.add(join);
            return super.localState(join);
        }
    }

    /** The seed must tell each of them that it has ended, but not turn away those for whom it has no time to do so alone. */
    @Test
    void membersThatComeBackAfterTheyWereForgottenAreNotTurnedAway() {
        Memberlist seed = cluster.start("seed", config -> config.limits(limits -> limits.pushPullsServed(2)));
        List<Memberlist> before = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            before.add(cluster.start("node-" + i));
        }
        join(before, seed);
        cluster.runUntil("the seed sees all", () -> seed.numMembers() == 31);
        before.forEach(cluster::crash);
        cluster.run(Duration.ofMinutes(5));
        assertThat(seed.allMembers()).hasSize(1);
        List<Memberlist> after = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            after.add(cluster.start("node-" + i));
        }

        List<CompletableFuture<JoinResult>> joins = join(after, seed);
        cluster.run(Duration.ofSeconds(30));

        assertThat(seed.numMembers()).isEqualTo(31);
        assertThat(joins).allMatch(join -> join.isDone() && !join.isCompletedExceptionally());
        assertThat(seed.statistics().drops()).doesNotContainKey("too_many_push_pulls");
    }

    @Test
    void membersThatWereThereBeforeAskForTheStateWhenTheyHearOfManyNewcomers() {
        List<Memberlist> before = cluster.startJoined(20, config -> config);
        cluster.run(Duration.ofMinutes(1));
        long asked = exchanges(before);
        List<Memberlist> newcomers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            newcomers.add(cluster.start("newcomer-" + i));
        }

        newcomers.forEach(newcomer -> newcomer.join(VirtualCluster.addressOf(before.get(0))));
        cluster.run(Duration.ofSeconds(8));

        assertThat(exchanges(before) - asked).isBetween(19L, 60L);
        assertThat(allSee(before, 60)).isTrue();
    }

    @Test
    void membersThatWereThereBeforeDoNotAskWhenTheyHearOfOne() {
        List<Memberlist> before = cluster.startJoined(20, config -> config);
        cluster.run(Duration.ofMinutes(1).plusMillis(100));
        long asked = exchanges(before);

        cluster.start("newcomer").join(VirtualCluster.addressOf(before.get(0)));
        cluster.run(Duration.ofSeconds(3));

        assertThat(exchanges(before) - asked).isLessThan(5);
        assertThat(allSee(before, 21)).isTrue();
    }

    /** An answer that tells of nobody is in vain: after three of them a member asks when many come again. */
    @Test
    void membersThatWereThereBeforeDoNotAskForEachNewcomerAfterMany() {
        List<Memberlist> before = cluster.startJoined(20, config -> config);
        cluster.run(Duration.ofMinutes(1));
        for (int i = 0; i < 30; i++) {
            cluster.start("newcomer-" + i).join(VirtualCluster.addressOf(before.get(0)));
        }
        cluster.run(Duration.ofSeconds(4));
        long asked = exchanges(before);

        for (int i = 0; i < 12; i++) {
            cluster.start("late-" + i).join(VirtualCluster.addressOf(before.get(0)));
            cluster.run(Duration.ofMillis(1500));
        }

        assertThat(exchanges(before) - asked).isLessThan(20 * 4);
        assertThat(allSee(before, 62)).isTrue();
    }

    private static long exchanges(List<Memberlist> members) {
        return members.stream()
                .mapToLong(member -> member.statistics().pushPulls())
                .sum();
    }

    /** A fifth of the packets is lost, and with them gossip. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void membersThatWereThereBeforeHearOfAllNewcomersThoughPacketsAreLost(long seed) {
        cluster = new VirtualCluster(seed);
        List<Memberlist> before = cluster.startJoined(40, config -> config);
        cluster.run(Duration.ofMinutes(1));
        cluster.network().loss(0.2);
        List<Memberlist> newcomers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            newcomers.add(cluster.start("newcomer-" + i));
        }
        newcomers.forEach(newcomer -> newcomer.join(VirtualCluster.addressOf(before.get(0))));

        assertThat(cluster.runUntil("all see all", () -> allSee(before, 60) && allSee(newcomers, 60)))
                .isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void allSeeEachOtherSoonThoughPacketsAreLost() {
        cluster.network().loss(0.1);
        List<Memberlist> members = storm();

        assertThat(cluster.runUntil("all see all", () -> allSee(members, MEMBERS)))
                .isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void whoJoinsAClusterInWhichNothingHappensExchangesStateOnceMore() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        cluster.run(Duration.ofMinutes(1));
        Memberlist newcomer = cluster.start("newcomer");
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofMillis(500));
        long before = newcomer.statistics().pushPulls();
        cluster.run(Duration.ofSeconds(5));

        assertThat(newcomer.statistics().pushPulls() - before).isEqualTo(1);
    }

    /** What it learns from the first is no news in there, but it is in the second. */
    @Test
    void twoClustersBecomeOneThroughAMemberThatJoinsBoth() {
        List<Memberlist> left = cluster.startJoined(3, config -> config);
        List<Memberlist> right = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            right.add(cluster.start("right-" + i));
        }
        for (Memberlist member : right.subList(1, 3)) {
            cluster.await(member.join(VirtualCluster.addressOf(right.get(0))));
        }
        Memberlist both = cluster.start("both");

        both.join(VirtualCluster.addressOf(left.get(0)), VirtualCluster.addressOf(right.get(0)));
        List<Memberlist> all =
                Stream.of(left, right, List.of(both)).flatMap(List::stream).toList();

        assertThat(cluster.runUntil("all see all", () -> allSee(all, 7))).isLessThan(Duration.ofSeconds(5));
    }
}
