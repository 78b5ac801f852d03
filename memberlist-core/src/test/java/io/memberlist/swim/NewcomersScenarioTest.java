package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers tell of newcomers, most of which do not exist. */
class NewcomersScenarioTest {
    private static final Duration FORMED =
            Duration.ofNanos(Newcomers.FORMING_NANOS).plusSeconds(1);

    private final VirtualCluster cluster = new VirtualCluster(15);
    private final List<Memberlist> members = cluster.startJoined(3, config -> config);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static long unknown(Memberlist member) {
        return member.statistics().drops().getOrDefault("unknown_newcomer", 0L);
    }

    @Test
    void membersThatDoNotExistAreForgottenWithinAMinute() {
        cluster.run(FORMED);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        for (Memberlist member : members) {
            stranger.ask(member, ScriptedPeer.ghosts(10_000));
            for (int i = 0; i < 1000; i++) {
                stranger.send(member, stranger.alive("packet-ghost-" + i, 1, 1, 5, 2, 0, 0, 0));
            }
        }

        cluster.run(Duration.ofSeconds(5));
        assertThat(members).allSatisfy(member -> {
            assertThat(member.allMembers())
                    .as("each takes in four that do not answer, and tells of them")
                    .hasSizeLessThanOrEqualTo(3 + 12);
            assertThat(unknown(member)).isGreaterThan(10_000);
        });
        cluster.run(Duration.ofSeconds(55));
        assertThat(members).allSatisfy(member -> assertThat(member.members()).hasSize(3));
    }

    @Test
    void aDeathIsNoticedThoughAStrangerToldOfThousandsThatDoNotExist() {
        cluster.run(FORMED);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        members.forEach(member -> stranger.ask(member, ScriptedPeer.ghosts(10_000)));
        cluster.run(Duration.ofSeconds(5));

        cluster.crash(members.get(2));
        cluster.run(Duration.ofSeconds(30));

        assertThat(members.subList(0, 2))
                .allMatch(member -> VirtualCluster.stateOf(member, "node-2") == MemberState.DEAD);
    }

    @Test
    void whoJoinsIsAMemberOneRoundTripLater() {
        cluster.run(FORMED);

        Memberlist newcomer = cluster.start("newcomer", config -> config);
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofMillis(50));

        assertThat(VirtualCluster.stateOf(members.get(0), "newcomer")).isEqualTo(MemberState.ALIVE);
        cluster.run(Duration.ofSeconds(2));
        assertThat(members).allSatisfy(member -> assertThat(member.members()).hasSize(4));
    }

    @Test
    void aFloodOfMembersThatDoNotExistKeepsNobodyOut() {
        cluster.run(FORMED);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        Memberlist newcomer = cluster.start("newcomer", config -> config);
        Alive elsewhere = stranger.alive("newcomer", 1, 1, 5, 2, 0, 0, 0);
        for (int i = 0; i < 150; i++) {
            Message[] flood = IntStream.range(20 * i, 20 * i + 20)
                    .mapToObj(n -> stranger.alive("packet-ghost-" + n, 1, 1, 5, 2, 0, 0, 0))
                    .toArray(Message[]::new);
            stranger.send(members.get(0), elsewhere);
            stranger.send(members.get(0), flood);
            stranger.ask(members.get(0), ScriptedPeer.ghosts(100));
            if (i == 50) {
                cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
            }
        }
        cluster.run(Duration.ofSeconds(2));

        assertThat(members)
                .allSatisfy(member -> assertThat(member.member("newcomer"))
                        .map(Member::address)
                        .contains(newcomer.localMember().address()));
    }

    @Test
    void aNewcomerThatStreamsAloneReachIsTakenIn() {
        cluster.run(FORMED);
        Memberlist newcomer = cluster.start("newcomer", config -> config);
        cluster.network()
                .cutPackets((from, to) -> to.equals(newcomer.localMember().address()));

        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(2));

        assertThat(members).allSatisfy(member -> assertThat(member.members()).hasSize(4));
    }

    @Test
    void aFewAreTakenInThatDoNotAnswerAndTheFailureDetectorDecides() {
        cluster.run(FORMED);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");

        stranger.ask(members.get(0), ScriptedPeer.ghosts(1));
        cluster.run(Duration.ofSeconds(3));

        assertThat(VirtualCluster.stateOf(members.get(0), "ghost-0")).isNotNull();
        cluster.run(Duration.ofSeconds(60));
        assertThat(members).allMatch(member -> VirtualCluster.stateOf(member, "ghost-0") != MemberState.ALIVE);
    }

    @Test
    void twoClustersBecomeOneThoughOneIsToldOfManyNewcomersAtOnce() {
        List<Memberlist> others = IntStream.range(0, 40)
                .mapToObj(i -> cluster.start("other-" + i, config -> config))
                .toList();
        for (Memberlist other : others.subList(1, 40)) {
            cluster.await(other.join(VirtualCluster.addressOf(others.get(0))));
        }
        cluster.run(FORMED);

        cluster.await(others.get(7).join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofSeconds(1));
        assertThat(members.get(0).members())
                .as("it is told of 40, asks 16 of them, and one of those for the others")
                .hasSize(43);

        // Gossip may miss the two beside it, as in the Go library. A push/pull does not.
        cluster.run(Duration.ofSeconds(60));

        assertThat(members).allSatisfy(member -> assertThat(member.members()).hasSize(43));
        assertThat(others).allSatisfy(member -> assertThat(member.members()).hasSize(43));
    }

    @Test
    void oneWhoIsToldOfAThirdSendsItNoMoreThanItIsSent() {
        cluster.run(FORMED);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        ScriptedPeer third = new ScriptedPeer(cluster, "10.9.9.10");
        long packets = 500;
        int bytes = 0;
        for (int i = 0; i < packets; i++) {
            byte[] packet = stranger.packet(third.alive("third-" + i, 1, 1, 5, 2, 0, 0, 0));
            bytes += packet.length;
            stranger.send(members.get(0), packet);
        }
        cluster.run(Duration.ofSeconds(10));

        assertThat(third.heard(Ping.class)).isNotEmpty();
        assertThat(third.packets.stream().mapToInt(packet -> packet.length).sum())
                .isLessThan(3 * bytes);
    }

    @Test
    void whoIsToldOfInACompressedPacketIsSentNoMoreThanThreeTimesItsBytes() {
        cluster.run(FORMED);
        ScriptedPeer third = new ScriptedPeer(cluster, "10.9.9.10");
        PacketCodec compressing = new PacketCodec(WireFormat.plain(Compression.LZW, WireLimits.DEFAULT), nonce -> {});
        List<byte[]> longNames = IntStream.range(0, 16)
                .mapToObj(i -> MessageCodec.encode(third.alive("a".repeat(480) + i, 1, 1, 5, 2, 0, 0, 0)))
                .toList();
        byte[] packet = compressing.encode(longNames, Checksum.NONE);
        cluster.network()
                .deliver(
                        new InetSocketAddress("10.9.9.9", 7946),
                        members.get(0).localMember().address(),
                        packet);
        cluster.run(Duration.ofMillis(1400)); // until it is decided whether they become members

        assertThat(third.packets.stream().mapToInt(sent -> sent.length).sum()).isLessThan(3 * packet.length);
    }

    @Test
    void aNewcomerThatLeavesWhileItIsAskedHasLeft() {
        cluster.run(FORMED);
        Memberlist newcomer = cluster.start("newcomer", config -> config);
        cluster.network()
                .cutPackets((from, to) -> to.equals(newcomer.localMember().address()));

        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(Duration.ofMillis(300));
        newcomer.leave(Duration.ofSeconds(5));
        cluster.run(Duration.ofSeconds(2));

        assertThat(members).allMatch(member -> VirtualCluster.stateOf(member, "newcomer") == MemberState.LEFT);
    }

    @Test
    void whoWasPingedCannotAnswerForTheDead() {
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();
        members.forEach(member -> liar.send(member, liar.alive("liar", 1, 1, 5, 2, 0, 0, 0)));
        byte[] address = liar.address().getAddress().getAddress();
        IndirectPing pingMe = new IndirectPing(7, address, 7946, "liar", false, new Source(address, 7946, "liar"));
        List<Memberlist> left = members.subList(0, 2);
        cluster.crash(members.get(2));

        for (int i = 0; i < 120; i++) {
            for (Memberlist member : left) {
                liar.heard.clear();
                liar.send(member, pingMe);
                cluster.run(Duration.ofMillis(5));
                liar.heard(Ping.class).stream()
                        .mapToLong(Ping::sequence)
                        .max()
                        .ifPresent(last -> liar.send(
                                member,
                                IntStream.range(-6, 3)
                                        .mapToObj(n -> new Ack(Math.max(0, last + n), new byte[0]))
                                        .toArray(Message[]::new)));
            }
            cluster.run(Duration.ofMillis(150));
        }

        assertThat(left).allMatch(member -> VirtualCluster.stateOf(member, "node-2") != MemberState.ALIVE);
    }
}
