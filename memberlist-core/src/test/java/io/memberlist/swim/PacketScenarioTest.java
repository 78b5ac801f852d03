package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.UserMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The answers of a member, message by message. */
class PacketScenarioTest {
    private static final byte[] NONE = new byte[0];
    private static final byte HAS_CRC = 12;
    private static final int[] NEW = {1, 5, 2, 0, 0, 0};
    private static final int[] BEFORE_CHECKSUMS = {1, 4, 2, 0, 0, 0};

    private final VirtualCluster cluster = new VirtualCluster(6);
    private Memberlist member;
    private ScriptedPeer puppet;

    @BeforeEach
    void aQuietMemberAndAPuppet() {
        member = cluster.start(
                "member",
                config -> config.stateSync(s -> s.interval(Duration.ZERO))
                        .probe(p -> p.interval(Duration.ofHours(1)))
                        .stateSync(s -> s.reconnectInterval(Duration.ZERO)));
        puppet = new ScriptedPeer(cluster, "10.1.0.1");
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void aPingIsAckedUnderItsNumber() {
        puppet.send(member, new Ping(42, "member", null));

        assertThat(puppet.heard(Ack.class)).extracting(Ack::sequence).containsExactly(42L);
    }

    @Test
    void theFirstPingOfACompoundIsAcked() {
        puppet.send(member, puppet.alive("p", 1, NEW), new Ping(1, "", null), new Ping(2, "member", null));

        assertThat(puppet.heard(Ack.class)).extracting(Ack::sequence).containsExactly(1L);
    }

    @Test
    void aHelperPingsUnderItsOwnNumberAndRelaysTheAckUnderTheAskers() {
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2").answeringPings();
        target.send(member, target.alive("target", 1, NEW));
        puppet.send(member, new IndirectPing(1000, ip(target), 7946, "target", true, null));

        assertThat(target.heard(Ping.class)).hasSize(1).allSatisfy(ping -> {
            assertThat(ping.node()).isEqualTo("target");
            assertThat(ping.sequence()).isNotEqualTo(1000);
        });
        assertThat(puppet.heard(Ack.class)).extracting(Ack::sequence).containsExactly(1000L);
        cluster.run(Duration.ofSeconds(2));
        assertThat(puppet.heard(Nack.class)).isEmpty();
    }

    @Test
    void aHelperThatGetsNoAckSendsANackToThoseWhoWantOne() {
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        target.send(member, target.alive("target", 1, NEW));
        puppet.send(member, new IndirectPing(1, ip(target), 7946, "target", true, null));
        puppet.send(member, new IndirectPing(2, ip(target), 7946, "target", false, null));
        cluster.run(Duration.ofSeconds(1));

        assertThat(puppet.heard(Nack.class)).containsExactly(new Nack(1));
        assertThat(puppet.heard(Ack.class)).isEmpty();
    }

    @Test
    void aHelperRelaysAnAckThatComesAfterItsNack() {
        ScriptedPeer target = new ScriptedPeer(cluster, "10.1.0.2");
        target.send(member, target.alive("target", 1, NEW));
        puppet.send(member, new IndirectPing(1, ip(target), 7946, "target", true, null));
        cluster.run(Duration.ofMillis(450));
        assertThat(puppet.heard(Nack.class)).containsExactly(new Nack(1));

        target.send(member, new Ack(target.heard(Ping.class).get(0).sequence(), new byte[0]));
        cluster.run(Duration.ofMillis(40));

        assertThat(puppet.heard(Ack.class)).extracting(Ack::sequence).containsExactly(1L);
    }

    @Test
    void aPingOverAStreamIsAckedOnTheStreamWhereItMeansThisMember() {
        assertThat(puppet.ask(member, new Ping(23, "member", null)))
                .isInstanceOfSatisfying(
                        Ack.class, ack -> assertThat(ack.sequence()).isEqualTo(23));
        assertThat(puppet.ask(member, new Ping(24, "somebody-else", null))).isNull();
        assertThat(member.statistics().drops()).containsEntry("wrong_node", 1L);
    }

    @Test
    void aPushPullIsAnsweredWithEverythingKnownAndThenTakenIn() {
        PushPull mine = new PushPull(
                false,
                List.of(
                        new PushPullNode(
                                "alive", new byte[] {10, 7, 0, 1}, 7946, NONE, 3, 0, new byte[] {1, 5, 2, 0, 0, 0}),
                        new PushPullNode(
                                "dead", new byte[] {10, 7, 0, 2}, 7946, NONE, 3, 2, new byte[] {1, 5, 2, 0, 0, 0})),
                NONE);
        Message answer = puppet.ask(member, mine);
        cluster.run(Duration.ofMillis(20));

        assertThat(answer).isInstanceOfSatisfying(PushPull.class, state -> {
            assertThat(state.nodes()).extracting(PushPullNode::name).containsExactly("member");
            assertThat(state.nodes().get(0).state()).isEqualTo(MemberState.ALIVE.ordinal());
        });
        assertThat(member.allMembers()).extracting(m -> m.name()).containsExactlyInAnyOrder("member", "alive");
    }

    @Test
    void broadcastsTravelWithAnAck() {
        puppet.send(member, puppet.alive("puppet", 1, NEW));
        cluster.run(Duration.ofSeconds(10));
        puppet.packets.clear();
        puppet.heard.clear();
        member.gossip(new byte[] {1, 2, 3});
        cluster.run(Duration.ofMillis(1));
        puppet.send(member, new Ping(42, "member", new Source(ip(puppet), 7946, "puppet")));

        assertThat(puppet.packets).hasSize(1);
        assertThat(puppet.heard(Ack.class)).hasSize(1);
        assertThat(puppet.heard(UserMessage.class))
                .hasSize(1)
                .allSatisfy(message -> assertThat(message.payload()).containsExactly(1, 2, 3));
    }

    @Test
    void gossipHasAChecksumOnlyForThoseWhoUnderstandIt() {
        ScriptedPeer old = new ScriptedPeer(cluster, "10.1.0.2");
        puppet.send(member, puppet.alive("new", 1, NEW), old.alive("old", 1, BEFORE_CHECKSUMS));
        cluster.run(Duration.ofSeconds(2));

        assertThat(puppet.packets).isNotEmpty().allMatch(packet -> packet[0] == HAS_CRC);
        assertThat(old.packets).isNotEmpty().noneMatch(packet -> packet[0] == HAS_CRC);
    }

    @Test
    void gossipReachesTheDeadForAWhileSoThatTheyCanRefute() {
        puppet.send(member, puppet.alive("target", 1, NEW));
        puppet.send(member, new io.memberlist.wire.Message.Dead(1, "target", "other"));
        puppet.heard.clear();
        cluster.run(Duration.ofSeconds(29));
        assertThat(puppet.heard).contains(new io.memberlist.wire.Message.Dead(1, "target", "other"));

        cluster.run(Duration.ofSeconds(2));
        puppet.heard.clear();
        member.gossip(new byte[] {1});
        cluster.run(Duration.ofSeconds(10));
        assertThat(puppet.heard).isEmpty();
    }

    private static byte[] ip(ScriptedPeer puppet) {
        return puppet.address().getAddress().getAddress();
    }
}
