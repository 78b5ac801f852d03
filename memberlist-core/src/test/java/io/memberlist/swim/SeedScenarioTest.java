package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.member.MissingSeed;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds are asked for as long as the member lives, while one of them has no live member behind it. */
class SeedScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(1313);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private void cutInTwo(List<Memberlist> left) {
        Set<InetSocketAddress> side = new HashSet<>();
        left.forEach(member -> side.add(member.localMember().address()));
        cluster.network().cut((from, to) -> side.contains(from) != side.contains(to));
    }

    private static InetAddress ip(Memberlist member) {
        return member.localMember().address().getAddress();
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static long sum(List<Memberlist> members, ToLongFunction<Memberlist> count) {
        return members.stream().mapToLong(count).sum();
    }

    private static String[] seeds(int from, int to) {
        String[] seeds = new String[to - from];
        for (int i = from; i < to; i++) {
            seeds[i - from] = "10.0.0." + (i + 2) + ":7946";
        }
        return seeds;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10, 300})
    void islandsThatFormedApartBecomeOneCluster(long minutes) {
        List<Memberlist> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(cluster.start("m" + (i + 1)));
        }
        cutInTwo(all.subList(0, 2));
        all.forEach(member -> member.join(seeds(0, 4)));
        cluster.runUntil("two halves have formed", () -> allSee(all, 2));
        cluster.run(Duration.ofMinutes(minutes));
        assertThat(allSee(all, 2)).isTrue();

        cluster.network().heal();

        assertThat(cluster.time().runUntil("all are one", Duration.ofMinutes(2), () -> allSee(all, 4)))
                .isLessThan(Duration.ofSeconds(minutes == 1 ? 20 : 91));
    }

    @Test
    void whoLostAllItsPeersFindsTheirReplacementsByTheNameOfItsSeed() {
        Memberlist one = cluster.start("m1");
        Memberlist two = cluster.start("m2");
        Memberlist three = cluster.start("m3");
        cluster.network().host("cluster.test", ip(one), ip(two), ip(three));
        List.of(one, two, three).forEach(member -> member.join("dns+cluster.test:7946"));
        cluster.runUntil("three are one", () -> allSee(List.of(one, two, three), 3));

        cluster.isolate(one);
        cluster.crash(two);
        cluster.crash(three);
        Memberlist four = cluster.start("m4");
        Memberlist five = cluster.start("m5");
        cluster.network().host("cluster.test", ip(one), ip(four), ip(five));
        List.of(four, five).forEach(member -> member.join("dns+cluster.test:7946"));
        cluster.run(Duration.ofMinutes(9));
        assertThat(one.numMembers()).isEqualTo(1);
        cluster.network().heal();

        assertThat(cluster.time()
                        .runUntil("all are one", Duration.ofMinutes(3), () -> allSee(List.of(one, four, five), 3)))
                .isLessThan(Duration.ofSeconds(91));
    }

    @Test
    void aNameThatHasNewHostsIsLookedUpAlthoughAllItsOldHostsLive() {
        Memberlist a = cluster.start("a");
        Memberlist b = cluster.start("b");
        Memberlist c = cluster.start("c");
        Memberlist d = cluster.start("d");
        cluster.network().host("left.test", ip(a), ip(b));
        cluster.network().host("right.test", ip(c), ip(d));
        List.of(a, b).forEach(member -> member.join("dns+left.test:7946"));
        List.of(c, d).forEach(member -> member.join("dns+right.test:7946"));
        cluster.runUntil("two clusters", () -> allSee(List.of(a, b, c, d), 2));
        cluster.run(Duration.ofMinutes(20));

        cluster.network().host("left.test", ip(a), ip(b), ip(c));

        cluster.time().runUntil("one cluster", Duration.ofMinutes(8), () -> allSee(List.of(a, b, c, d), 4));
        cluster.network().lookUps().clear();
        cluster.run(Duration.ofHours(1));
        assertThat(cluster.network().lookUps()).as("of four members in an hour").hasSizeBetween(4, 80);
    }

    @Test
    void aMemberThatFoundNobodyGoesOnAsking() {
        Memberlist early = cluster.start("early");
        assertThatThrownBy(() -> cluster.await(early.join("10.0.0.3:7946")))
                .cause()
                .isInstanceOf(JoinException.class);
        List<JoinResult> joined = new ArrayList<>();
        early.addJoinListener(joined::add);
        cluster.run(Duration.ofHours(5));

        Memberlist late = cluster.start("late");

        assertThat(cluster.time().runUntil("they met", Duration.ofMinutes(2), () -> allSee(List.of(early, late), 2)))
                .isLessThan(Duration.ofSeconds(91));
        cluster.run(Duration.ofSeconds(5));
        assertThat(joined).extracting(JoinResult::reached).containsExactly(List.of("10.0.0.3:7946"));
    }

    @Test
    void aSeedThatComesUpSoonIsMetSoon() {
        Memberlist early = cluster.start("early");
        early.join("10.0.0.3:7946");
        cluster.run(Duration.ofSeconds(8));

        Memberlist late = cluster.start("late");

        assertThat(cluster.runUntil("they met", () -> allSee(List.of(early, late), 2)))
                .isLessThan(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFirstOfTwoIsRestartedAndHasOnlyItselfAsASeed(boolean leaves) {
        Memberlist first = cluster.start("first");
        String seed = addressOf(first);
        cluster.await(first.join(seed));
        Memberlist second = cluster.start("second");
        cluster.await(second.join(seed));
        cluster.run(Duration.ofMinutes(10));

        for (int seconds : new int[] {0, 3, 8, 17}) {
            if (leaves) {
                cluster.await(first.leave(Duration.ofSeconds(5)));
            }
            cluster.await(first.shutdown());
            cluster.run(Duration.ofSeconds(seconds));
            cluster.await(first.restart());
            first.join(seed);

            assertThat(cluster.runUntil("they met", () -> allSee(List.of(first, second), 2)))
                    .as("away for %d s", seconds)
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aMemberThatIsShutDownAndRestartedFindsTheClusterAgain() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist last = all.get(2);
        List<JoinResult> joined = new ArrayList<>();
        last.addJoinListener(joined::add);
        cluster.await(last.shutdown());
        cluster.run(Duration.ofMinutes(5));

        cluster.await(last.restart());

        assertThat(cluster.runUntil("it is back", () -> allSee(all, 3))).isLessThan(Duration.ofSeconds(3));
        cluster.run(Duration.ofSeconds(5));
        assertThat(joined).hasSize(1);
    }

    @Test
    void aMemberThatLeftForgetsItsSeeds() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist last = all.get(2);
        cluster.await(last.leave(Duration.ofSeconds(5)));
        cluster.run(Duration.ofMinutes(5));
        assertThat(last.hasLeft()).isTrue();
        cluster.await(last.shutdown());
        cluster.await(last.restart());
        long before = last.statistics().streamsOpened();

        cluster.run(Duration.ofMinutes(5));

        assertThat(last.numMembers()).isEqualTo(1);
        assertThat(last.statistics().streamsOpened()).isEqualTo(before);
    }

    @Test
    void aMemberWhoseOnlySeedIsItselfStaysAloneQuietly() {
        Memberlist alone = cluster.start("alone");
        List<JoinResult> joined = new ArrayList<>();
        alone.addJoinListener(joined::add);
        cluster.await(alone.join(addressOf(alone)));
        long before = alone.statistics().streamsOpened();
        cluster.run(Duration.ofHours(1));
        assertThat(alone.statistics().streamsOpened()).isEqualTo(before);
        assertThat(joined).isEmpty();

        Memberlist other = cluster.start("other");
        cluster.await(other.join(addressOf(alone)));
        cluster.run(Duration.ofSeconds(5));

        assertThat(joined).extracting(JoinResult::reached).containsExactly(List.of(addressOf(other)));
    }

    @Test
    void whatWasFoundAtEachSeedIsShownUntilThereIsAMember() {
        Memberlist early = cluster.start("early");
        early.join(addressOf(early), "10.0.0.3:7946", "10.0.0.9:7946");
        assertThat(early.hasMetOthers()).isFalse();
        cluster.run(Duration.ofSeconds(20));
        assertThat(early.missingSeeds())
                .extracting(MissingSeed::seed)
                .containsExactly(addressOf(early), "10.0.0.3:7946", "10.0.0.9:7946");
        assertThat(early.missingSeeds().get(0).found()).isEqualTo("this member itself");
        assertThat(early.missingSeeds().get(1).found()).contains("refused");

        Memberlist late = cluster.start("late");
        cluster.runUntil("they met", () -> allSee(List.of(early, late), 2));
        cluster.run(Duration.ofSeconds(2));
        assertThat(early.missingSeeds()).extracting(MissingSeed::seed).containsExactly("10.0.0.9:7946");
        assertThat(early.hasMetOthers()).isTrue();

        cluster.crash(late);
        cluster.runUntil("it is alone again", () -> early.numMembers() == 1);
        assertThat(early.hasMetOthers()).isTrue();
    }

    @Test
    void whoIsJoinedWhileASeedIsSilentIsNotifiedSoonAndOfOthersOnly() {
        Memberlist first = cluster.start("first");
        List<JoinResult> joined = new ArrayList<>();
        first.addJoinListener(joined::add);
        InetSocketAddress silent = new InetSocketAddress(ip("10.0.0.9"), 7946);
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return to.equals(silent) ? StreamFate.STALLS : StreamFate.PASSES;
            }
        });
        CompletableFuture<JoinResult> call = first.join(addressOf(first), "10.0.0.9:7946");

        Memberlist second = cluster.start("second");
        cluster.await(second.join(addressOf(first)));
        cluster.run(Duration.ofSeconds(2));

        assertThat(call).isNotDone();
        assertThat(joined).extracting(JoinResult::reached).containsExactly(List.of(addressOf(second)));
        cluster.await(call);
        cluster.run(Duration.ofMinutes(1));
        assertThat(joined).hasSize(1);
        cluster.await(first.join(addressOf(first), addressOf(second)));
        cluster.run(Duration.ofSeconds(1));
        assertThat(joined).hasSize(2);
        assertThat(joined.get(1).reached()).as("without itself").containsExactly(addressOf(second));
    }

    @Test
    void whoIsAloneAlthoughItHasSeedsSaysSoAgainAndAgain() {
        try (MemberLines log = MemberLines.of("lost")) {
            Memberlist lost = cluster.start("lost");
            lost.join("10.0.0.3:7946");
            cluster.run(Duration.ofSeconds(50));
            assertThat(log.complaints()).isEmpty();
            cluster.run(Duration.ofMinutes(13));
            assertThat(log.complaints())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith(
                            "this member is alone, although it has seeds; found there: 10.0.0.3:7946: "));
        }
        try (MemberLines log = MemberLines.of("waiting")) {
            cluster.start("waiting");
            cluster.run(Duration.ofMinutes(13));
            assertThat(log.complaints()).as("it has no seeds").isEmpty();
        }
    }

    @Test
    void aSeedThatAnswersAndIsNoMembersAddressIsAskedOnceAMinute() {
        Memberlist member = cluster.start("member");
        Memberlist other = cluster.start("other");
        LoadBalancer balancer = new LoadBalancer(cluster, "10.9.9.9", other);
        cluster.await(member.join("10.9.9.9:7946"));
        cluster.runUntil("they met", () -> allSee(List.of(member, other), 2));
        cluster.run(Duration.ofMinutes(2));
        int before = balancer.streams;

        cluster.run(Duration.ofMinutes(30));

        assertThat(balancer.streams - before).isBetween(18, 30);
    }

    @Test
    void aSeedThatSwallowsStreamsDoesNotHoldUpTheOthers() {
        Memberlist member = cluster.start("member");
        cluster.network().cut((from, to) -> to.equals(new InetSocketAddress("10.88.0.1", 7946)));
        member.join("10.88.0.1:7946", "10.0.0.3:7946");
        cluster.run(Duration.ofSeconds(15));

        Memberlist late = cluster.start("late");

        assertThat(cluster.runUntil("they met", () -> allSee(List.of(member, late), 2)))
                .isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aSeedWithANameIsAskedAgainOnlyIfThatMemberIsThere() {
        Memberlist member = cluster.start("member");
        Memberlist other = cluster.start("other");
        String host = ip(other).getHostAddress();
        cluster.await(member.join("other/" + addressOf(other)));
        cluster.crash(other);
        cluster.runUntil("it has failed", () -> member.numMembers() == 1);
        Memberlist stranger = cluster.start("stranger", config -> config.network(n -> n.bindAddress(host)));
        cluster.run(Duration.ofMinutes(10));
        assertThat(allSee(List.of(member, stranger), 1)).isTrue();

        cluster.crash(stranger);
        Memberlist back = cluster.start("other", config -> config.network(n -> n.bindAddress(host)));

        cluster.runUntil("they met", () -> allSee(List.of(member, back), 2));
    }

    @Test
    void theSeedsOfACallThatWasCancelledAreForgotten() {
        Memberlist member = cluster.start("member");
        cluster.network().silentHost("slow.test");
        CompletableFuture<JoinResult> join = member.join("dns+slow.test");
        cluster.run(Duration.ofMillis(10));

        join.cancel(true);
        cluster.run(Duration.ofMinutes(5));

        assertThat(cluster.network().lookUps()).hasSize(1);
    }

    @Test
    void beyondTheBoundTheSeedsOfTheLatestCallAreKept() {
        Seeds seeds = new Seeds();
        seeds.remember(List.of("old-1", "old-2"));

        seeds.remember(
                IntStream.range(0, Seeds.MAX - 1).mapToObj(i -> "new-" + i).toList());

        assertThat(seeds.texts()).hasSize(Seeds.MAX).startsWith("new-0").endsWith("old-1");
    }

    @Test
    void whoLeavesWhileItJoinsIsSeenAsLeft() {
        Memberlist member = cluster.start("member");
        cluster.network().delay(Duration.ofMillis(100), Duration.ofMillis(100));
        Memberlist leaver = cluster.start("leaver");
        // One that answers, and one that never does.
        CompletableFuture<JoinResult> join = leaver.join(addressOf(member), "10.99.0.1:7946");
        cluster.run(Duration.ofMillis(350));
        assertThat(join).isNotDone();
        assertThat(leaver.numMembers()).isEqualTo(1);

        CompletableFuture<Void> left = leaver.leave(Duration.ofSeconds(5));

        cluster.await(left);
        cluster.await(leaver.shutdown());
        cluster.run(Duration.ofSeconds(1));
        assertThat(stateOf(member, "leaver")).isEqualTo(MemberState.LEFT);
    }

    @Test
    void aClusterOfAHundredDoesNotNoticeASeedThatIsGoneForGood() {
        // Rare probes and gossip, so that the hour takes little time here.
        UnaryOperator<MemberlistConfigBuilder> quiet = config -> config.probe(p -> p.interval(Duration.ofSeconds(10)))
                .gossip(g -> g.interval(Duration.ofSeconds(2)))
                .stateSync(s -> s.interval(Duration.ZERO).reconnectTimeout(Duration.ofMinutes(10)));
        List<Memberlist> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(cluster.start("m" + i, quiet));
        }
        cluster.network().host("c.test", ip(all.get(0)), ip(all.get(1)), ip(all.get(2)));
        all.forEach(member -> member.join("dns+c.test:7946"));
        cluster.time().runUntil("all are one", Duration.ofMinutes(5), () -> allSee(all, 100));
        cluster.crash(all.remove(2));
        cluster.time().runUntil("all know", Duration.ofMinutes(15), () -> allSee(all, 99));
        long before = sum(all, member -> member.statistics().streamsOpened());
        cluster.run(Duration.ofMinutes(20));
        long early = sum(all, member -> member.statistics().streamsOpened()) - before;
        cluster.network().lookUps().clear();
        cluster.run(Duration.ofMinutes(20));
        long late = sum(all, member -> member.statistics().streamsOpened()) - before - early;

        assertThat(early / 20.0).as("streams a minute, of all members together").isLessThan(110);
        assertThat(late / 20.0).as("streams a minute once settled").isLessThan(35);
        assertThat(cluster.network().lookUps().size() / 20.0)
                .as("look-ups a minute once settled")
                .isLessThan(35);
    }
}
