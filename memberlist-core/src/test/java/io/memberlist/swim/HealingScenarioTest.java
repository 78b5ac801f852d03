package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Go library leaves to its users: healing of partitions, and dead members that stay dead. */
class HealingScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    private static final byte[] NONE = new byte[0];

    private final VirtualCluster cluster = new VirtualCluster(311);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static Set<InetSocketAddress> addresses(List<Memberlist> members) {
        Set<InetSocketAddress> addresses = new HashSet<>();
        members.forEach(member -> addresses.add(member.localMember().address()));
        return addresses;
    }

    private void cutInTwo(List<Memberlist> left) {
        Set<InetSocketAddress> side = addresses(left);
        cluster.network().cut((from, to) -> side.contains(from) != side.contains(to));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 30})
    void twoHalvesCutForAnHourBecomeOne(int members) {
        List<Memberlist> all = cluster.startJoined(members, config -> config);
        List<Memberlist> left = all.subList(0, members / 2);
        List<Memberlist> right = all.subList(members / 2, members);

        cutInTwo(left);
        cluster.run(Duration.ofHours(1));
        assertThat(allSee(left, left.size()) && allSee(right, right.size())).isTrue();
        assertThat(all).allSatisfy(member -> assertThat(member.allMembers()).hasSizeLessThan(members));
        cluster.network().heal();

        // The longest pause between attempts is ten times the reconnect interval of 30 s.
        Duration took =
                cluster.time().runUntil("the halves are one again", Duration.ofMinutes(7), () -> allSee(all, members));
        assertThat(took).isPositive();
        cluster.run(Duration.ofMinutes(10));
        assertThat(allSee(all, members)).as("and stay one").isTrue();
    }

    private final UnaryOperator<MemberlistConfigBuilder> seedsDoNotHelp =
            config -> config.joinRetry(j -> j.initialDelay(Duration.ofDays(1)).maxDelay(Duration.ofDays(1)));

    /** Members that fail together are not tried together: some pair tries soon after the cut, whenever it ends. */
    @ParameterizedTest
    @CsvSource({"6, 1, 15", "6, 12, 15", "6, 29, 15", "60, 5, 5", "60, 12, 5"})
    void halvesBecomeOneSoonAfterTheCutWheneverItEnds(int members, int minutes, int seconds) {
        for (int seed = 1; seed <= (members > 10 ? 1 : 6); seed++) {
            VirtualCluster halves = new VirtualCluster(seed, seedsDoNotHelp);
            List<Memberlist> all = halves.startJoined(members, config -> config);
            halves.run(Duration.ofSeconds(30));
            Set<InetSocketAddress> side = addresses(all.subList(0, members / 2));
            halves.network().cut((from, to) -> side.contains(from) != side.contains(to));
            halves.run(Duration.ofSeconds(minutes * 60L + 7L * seed));
            assertThat(allSee(all, members / 2)).isTrue();
            halves.network().heal();

            Duration took = halves.time().runUntil("they are one", Duration.ofMinutes(7), () -> allSee(all, members));

            assertThat(took).as("seed %d", seed).isLessThan(Duration.ofSeconds(seconds));
            assertThat(halves.time().failures()).isEmpty();
        }
    }

    /** A stream to where nobody answers takes four segments in ten seconds: 15 of them in an hour were as much for each pair. */
    @Test
    void whoIsGoneIsSentNoMoreThanAPacketAMinute() {
        List<Memberlist> all = cluster.startJoined(6, seedsDoNotHelp);
        Set<InetSocketAddress> side = addresses(all.subList(0, 3));
        cluster.network().cut((from, to) -> side.contains(from) != side.contains(to));
        cluster.run(Duration.ofMinutes(2));
        long opened = all.stream()
                .mapToLong(member -> member.statistics().streamsOpened())
                .sum();
        int[] packets = new int[1];
        cluster.network().cutPackets((from, to) -> {
            packets[0] += side.contains(from) != side.contains(to) ? 1 : 0;
            return side.contains(from) != side.contains(to);
        });
        cluster.run(Duration.ofHours(1));
        long streams = all.stream()
                        .mapToLong(member -> member.statistics().streamsOpened())
                        .sum()
                - opened;

        int pairs = 18;
        assertThat(packets[0]).isPositive().isLessThanOrEqualTo(48 * pairs);
        assertThat(streams).as("and 120 exchanges of state of each member").isLessThanOrEqualTo(6 * 121 + 3 * pairs);
    }

    @Test
    void withoutReconnectingTheHalvesStayApartAsWithTheGoLibrary() {
        List<Memberlist> all =
                cluster.startJoined(6, config -> config.stateSync(s -> s.reconnectInterval(Duration.ZERO)));
        List<Memberlist> left = all.subList(0, 3);

        cutInTwo(left);
        cluster.run(Duration.ofHours(1));
        cluster.network().heal();
        cluster.run(Duration.ofHours(1));

        assertThat(allSee(all, 3)).isTrue();
    }

    @Test
    void aCutWithinTheDeadTimeHealsByGossipToTheDead() {
        List<Memberlist> all =
                cluster.startJoined(10, config -> config.stateSync(s -> s.reconnectInterval(Duration.ZERO)));
        List<Memberlist> left = all.subList(0, 3);

        cutInTwo(left);
        cluster.runUntil("they have given each other up", () -> allSee(left, 3) && allSee(all.subList(3, 10), 7));
        cluster.network().heal();

        cluster.runUntil("they are one again", () -> allSee(all, 10));
    }

    @Test
    void aSeedThatComesBackUnderAnotherNameIsFound() {
        Memberlist seed = cluster.start("seed");
        Memberlist member = cluster.start("member");
        cluster.await(member.join(addressOf(seed)));
        String host = seed.localMember().address().getAddress().getHostAddress();
        cluster.crash(seed);
        cluster.run(Duration.ofHours(1));

        Memberlist again = cluster.start("another", config -> config.network(n -> n.bindAddress(host)));

        cluster.time()
                .runUntil("they found each other", Duration.ofMinutes(6), () -> allSee(List.of(member, again), 2));
    }

    @Test
    void theFailedAreGivenUpAfterTheReconnectTimeout() {
        List<Memberlist> all =
                cluster.startJoined(2, config -> config.stateSync(s -> s.reconnectTimeout(Duration.ofMinutes(20))));
        Memberlist survivor = all.get(0);
        cluster.crash(all.get(1));
        cluster.run(Duration.ofMinutes(30));

        long before = survivor.statistics().streamsOpened();
        cluster.run(Duration.ofHours(2));

        assertThat(survivor.statistics().streamsOpened()).isEqualTo(before);
    }

    @Test
    void whoLeftIsNotCalledBack() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist leaver = all.get(2);
        cluster.await(leaver.leave(Duration.ofSeconds(30)));
        cluster.runUntil("all know", () -> allSee(all.subList(0, 2), 2));
        long opened = leaver.statistics().streamsAccepted();

        cluster.run(Duration.ofHours(1));

        assertThat(leaver.numMembers()).isEqualTo(2);
        assertThat(leaver.hasLeft()).isTrue();
        assertThat(all.get(0).numMembers()).isEqualTo(2);
        assertThat(leaver.statistics().streamsAccepted() - opened).isZero();
    }

    @Test
    void aStaleFullSyncDoesNotBringReapedMembersBack() {
        List<String> joined = new ArrayList<>();
        List<Memberlist> all = cluster.startJoined(
                3,
                config -> config.delegates(d -> d.event(event -> {
                    if (event instanceof MemberEvent.Joined) {
                        joined.add(event.member().name());
                    }
                })));
        Memberlist victim = all.get(2);
        Memberlist observer = all.get(0);
        PushPullNode stale = new PushPullNode(
                "node-2",
                victim.localMember().address().getAddress().getAddress(),
                7946,
                NONE,
                victim.localMember().incarnation(),
                0,
                VERSIONS);
        cluster.crash(victim);
        cluster.runUntil("it is forgotten", () -> observer.member("node-2").isEmpty());
        joined.clear();

        // A member that was cut off still knows it as alive.
        Transport stranger = cluster.await(cluster.network().open(new InetSocketAddress("10.66.66.66", 7946)));
        byte[] sync = new StreamCodec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT), nonce -> {})
                .encodeRequest(new PushPull(false, List.of(stale), NONE));
        stranger.openStream(
                Recipient.at(observer.localMember().address()),
                Duration.ofSeconds(5).toNanos(),
                new StreamHandler() {
                    @Override
                    public void opened(Stream stream) {
                        stream.send(sync, Completion.IGNORED);
                    }

                    @Override
                    public void received(byte[] bytes) {}

                    @Override
                    public void closed(@Nullable Throwable failure) {}
                });
        cluster.run(Duration.ofMinutes(5));

        assertThat(joined).isEmpty();
        assertThat(observer.member("node-2")).isEmpty();
    }

    @Test
    void aForgottenMemberThatRestartsAndCountsFromOneIsKnownAgain() {
        List<Memberlist> all = cluster.startJoined(4, config -> config);
        Memberlist victim = all.remove(3);
        String host = victim.localMember().address().getAddress().getHostAddress();
        for (int i = 0; i < 5; i++) {
            cluster.await(victim.updateMeta(new byte[] {(byte) i}, Duration.ofSeconds(30)));
        }
        cluster.crash(victim);
        cluster.runUntil(
                "it is forgotten by all",
                () -> all.stream().allMatch(m -> m.member("node-3").isEmpty()));

        Memberlist again = cluster.start("node-3", config -> config.network(n -> n.bindAddress(host)));
        cluster.await(again.join(addressOf(all.get(0))));

        cluster.runUntil("it is back everywhere", () -> allSee(all, 4) && again.numMembers() == 4);
        assertThat(again.localMember().incarnation()).isGreaterThan(6);
    }

    @Test
    void aMassRestartLeavesNobodyOut() {
        // The race of a mass restart: an observer restarts, receives first an alive message at incarnation 1, and then
        // an old suspect message with a high incarnation, which the restarted member itself never receives.
        Memberlist observer = cluster.start("observer");
        Memberlist restarted = cluster.start("restarted");
        Memberlist third = cluster.start("third");
        cluster.await(restarted.join(addressOf(observer)));
        cluster.await(third.join(addressOf(observer)));
        cluster.runUntil("three see three", () -> allSee(List.of(observer, restarted, third), 3));
        Transport stranger = cluster.await(cluster.network().open(new InetSocketAddress("10.66.66.66", 7946)));
        InetSocketAddress victim = restarted.localMember().address();

        cluster.network().cut((from, to) -> to.equals(victim) || from.equals(victim));
        stranger.sendPacket(
                Recipient.at(observer.localMember().address()),
                MessageCodec.encode(new Dead(100, "restarted", "gone")),
                Completion.IGNORED);
        cluster.runUntil("the observer believes it", () -> stateOf(observer, "restarted") == MemberState.DEAD);
        cluster.runUntil("and forgets it", () -> observer.member("restarted").isEmpty());
        cluster.network().heal();
        stranger.sendPacket(
                Recipient.at(observer.localMember().address()),
                MessageCodec.encode(
                        new Alive(1, "restarted", victim.getAddress().getAddress(), victim.getPort(), NONE, VERSIONS)),
                Completion.IGNORED);

        cluster.time()
                .runUntil(
                        "it is alive for all, at an incarnation above the accusation",
                        Duration.ofSeconds(30),
                        () -> allSee(List.of(observer, restarted, third), 3)
                                && restarted.localMember().incarnation() > 100);
    }

    @Test
    void restartingEveryMemberAtOnceGivesTheSameClusterAgain() {
        List<Memberlist> all = cluster.startJoined(12, config -> config);
        for (Memberlist member : all) {
            cluster.await(member.updateMeta(new byte[] {1}, Duration.ofSeconds(30)));
        }
        List<String> hosts = all.stream()
                .map(m -> m.localMember().address().getAddress().getHostAddress())
                .toList();
        List<Memberlist> again = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int n = i;
            cluster.crash(all.get(i));
            Memberlist member =
                    cluster.start("node-" + i, config -> config.network(network -> network.bindAddress(hosts.get(n))));
            // Each joins its neighbours, some of which are restarting at the same time.
            member.join(hosts.get((i + 1) % 12) + ":7946", hosts.get((i + 5) % 12) + ":7946");
            again.add(member);
            cluster.run(Duration.ofMillis(300));
        }

        cluster.time().runUntil("12 see 12", Duration.ofMinutes(3), () -> allSee(again, 12));
    }

    /** The addresses of replaced processes, which nobody answers at any more, must not hold up the way back. */
    @Test
    void aFreshCutHealsThoughManyOthersDiedBefore() {
        // Neither seeds nor push/pulls help.
        UnaryOperator<MemberlistConfigBuilder> alone = config -> config.stateSync(s -> s.interval(Duration.ZERO))
                .joinRetry(j -> j.initialDelay(Duration.ofDays(1)).maxDelay(Duration.ofDays(1)));
        List<Memberlist> all = cluster.startJoined(4, alone);
        for (int i = 0; i < 288; i++) {
            Memberlist victim = cluster.start("victim-" + i, alone);
            cluster.await(victim.join(addressOf(all.get(i % 4))));
            cluster.run(Duration.ofSeconds(2));
            cluster.crash(victim);
        }
        cluster.run(Duration.ofMinutes(15));
        List<Memberlist> left = all.subList(0, 2);
        cutInTwo(left);
        cluster.run(Duration.ofMinutes(3));
        assertThat(allSee(all, 2)).isTrue();
        cluster.network().heal();

        Duration took = cluster.time().runUntil("they are one", Duration.ofMinutes(15), () -> allSee(all, 4));

        assertThat(took).isLessThan(Duration.ofSeconds(120));
    }

    @Test
    void tombstonesAreBoundedInNumberAndAge() {
        EventLoop loop = new VirtualEventLoop(cluster.time(), 1);
        Tombstones tombstones = new Tombstones(loop, Duration.ofHours(1).toNanos());
        for (int i = 0; i < Tombstones.MAX + 500; i++) {
            Alive alive = new Alive(3, "n" + i, new byte[] {10, 0, 0, 1}, 7946, NONE, VERSIONS);
            tombstones.add(new MemberRecord(alive, MemberState.DEAD, 0, loop.wallClock()));
        }

        assertThat(tombstones.size()).isEqualTo(Tombstones.MAX);
        assertThat(tombstones.get("n0")).isNull();
        assertThat(tombstones.get("n" + (Tombstones.MAX + 499))).isNotNull();
        cluster.run(Duration.ofMinutes(61));
        assertThat(tombstones.get("n" + (Tombstones.MAX + 499))).isNull();
        assertThat(tombstones.failed()).isEmpty();
    }
}
