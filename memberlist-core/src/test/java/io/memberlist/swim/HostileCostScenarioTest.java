package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.Cidr;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What well-formed messages of a stranger may make a member do, and what they may not. */
class HostileCostScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};

    private final VirtualCluster cluster = new VirtualCluster(15);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static byte[] ip(ScriptedPeer peer) {
        return peer.address().getAddress().getAddress();
    }

    @Test
    void aStrangerWhoPingsFastDoesNotUseUpARefutation() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        cluster.run(Duration.ofSeconds(10));
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");

        members.forEach(member -> stranger.send(member, new Suspect(1, "node-0", "node-1")));
        for (int i = 0; i < 1000; i++) {
            stranger.send(members.get(0), new Ping(i, "node-0", new Source(ip(stranger), 7946, "stranger")));
        }

        assertThat(VirtualCluster.stateOf(members.get(1), "node-0")).isEqualTo(MemberState.ALIVE);
        assertThat(VirtualCluster.stateOf(members.get(2), "node-0")).isEqualTo(MemberState.ALIVE);
        assertThat(stranger.heard(Ack.class)).hasSize(1000);
        assertThat(stranger.heard).as("nothing but acks").hasSize(1000);
    }

    @Test
    void aMemberWhoPingsFastDoesNotUseUpTheBroadcastsForAll() {
        Memberlist victim = cluster.start("victim");
        Memberlist other = cluster.start("other");
        cluster.await(other.join(VirtualCluster.addressOf(victim)));
        ScriptedPeer greedy = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();
        greedy.send(victim, greedy.alive("greedy", 1, 1, 5, 2, 0, 0, 0));
        cluster.run(Duration.ofSeconds(1));
        greedy.heard.clear();

        Source itself = new Source(ip(greedy), 7946, "greedy");
        for (int i = 0; i < 100; i++) {
            greedy.send(victim, new Suspect(i + 1, "victim", "greedy"), new Ping(i, "victim", itself));
        }

        assertThat(greedy.heard(Ack.class)).hasSize(100);
        assertThat(greedy.packets.size() - greedy.heard(Ack.class).size())
                .as("packets beside acks")
                .isLessThan(100);
        assertThat(VirtualCluster.stateOf(other, "victim")).isEqualTo(MemberState.ALIVE);
    }

    @Test
    void anAccusationThatWasRefutedAlreadyIsRefutedAgain() {
        Memberlist member = cluster.start("m");
        ScriptedPeer peer = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();
        peer.send(member, peer.alive("p", 1, 1, 5, 2, 0, 0, 0), new Suspect(1, "m", "p"));
        cluster.run(Duration.ofSeconds(20));
        assertThat(peer.heard(Alive.class)).anyMatch(news -> news.node().equals("m") && news.incarnation() == 2);
        peer.heard.clear();

        peer.send(member, new Suspect(1, "m", "p"));
        cluster.run(Duration.ofSeconds(2));
        assertThat(peer.heard(Alive.class)).anyMatch(news -> news.node().equals("m") && news.incarnation() == 2);
        cluster.run(Duration.ofSeconds(20));
        peer.heard.clear();

        peer.send(member, new Dead(1, "m", "p"));
        cluster.run(Duration.ofSeconds(2));
        assertThat(peer.heard(Alive.class)).anyMatch(news -> news.node().equals("m") && news.incarnation() == 2);
        assertThat(member.localMember().incarnation()).isEqualTo(2);
    }

    @Test
    void onePacketIsAnsweredByOnePacket() {
        Memberlist member = cluster.start("m");
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");

        stranger.send(
                member,
                IntStream.range(0, 255).mapToObj(i -> new Ping(i, "m", null)).toArray(Message[]::new));

        assertThat(stranger.packets).hasSize(1);
        assertThat(stranger.heard(Ack.class)).extracting(Ack::sequence).containsExactly(0L);
        assertThat(member.statistics().drops()).containsEntry("rate_limited", 254L);
    }

    /** Starts the member "m", whose acks to members carry so many bytes of the application. */
    private Memberlist startWithAckPayload(int bytes) {
        byte[] payload = new byte[bytes];
        return cluster.start(
                "m",
                config -> config.delegates(delegates -> delegates.ping(new PingDelegate() {
                    @Override
                    public byte[] ackPayload() {
                        return payload;
                    }

                    @Override
                    public void pingCompleted(Member other, Duration roundTrip, byte[] answer) {}
                })));
    }

    @Test
    void anAnswerToAStrangerIsNoLongerThanItsPing() {
        Memberlist member = startWithAckPayload(500);
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");

        stranger.send(member, new Ping(1, "m", null));
        stranger.send(member, new Ping(2, "m", null));

        assertThat(stranger.heard(Ack.class)).hasSize(2).allMatch(ack -> ack.payload().length == 0);
    }

    @Test
    void whoNamesAMemberIsAnsweredAsAStranger() {
        Memberlist member = startWithAckPayload(500);
        ScriptedPeer peer = new ScriptedPeer(cluster, "10.7.7.7").answeringPings();
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        ScriptedPeer third = new ScriptedPeer(cluster, "10.8.8.8");
        peer.send(member, peer.alive("peer", 1, 1, 5, 2, 0, 0, 0));
        Source named = new Source(ip(peer), 7946, "peer");

        stranger.send(member, new IndirectPing(1, ip(third), 7946, "third", true, named));
        stranger.send(member, new Ping(2, "m", named));
        assertThat(third.packets).isEmpty();
        assertThat(peer.heard(Ack.class)).singleElement().matches(ack -> ack.payload().length == 0);

        peer.send(member, new IndirectPing(3, ip(third), 7946, "third", true, named));
        peer.send(member, new Ping(4, "m", named));
        assertThat(third.heard(Ping.class)).hasSize(1);
        assertThat(peer.heard(Ack.class)).last().matches(ack -> ack.payload().length == 500);
    }

    @Test
    void aFloodOfStrangersDoesNotHideFromAFormerMemberThatThisOneLives() {
        Memberlist member = cluster.start("m");
        ScriptedPeer peer = new ScriptedPeer(cluster, "10.7.7.7");
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        peer.send(member, peer.alive("peer", 1, 1, 5, 2, 0, 0, 0), new Dead(1, "peer", "x"));
        peer.heard.clear();

        stranger.flood(member, 1500, new Ping(1, "m", null));
        assertThat(stranger.heard(Ack.class)).hasSize(1000);
        stranger.flood(member, 1, new Ping(2, "m", null));
        assertThat(stranger.heard(Ack.class)).as("in the same second").hasSize(1000);
        peer.flood(member, 150, new Ping(3, "m", new Source(ip(peer), 7946, "peer")));
        assertThat(peer.heard(Ack.class)).hasSize(100);
    }

    @Test
    void nobodyHasPacketsSentToAThird() {
        Memberlist member = cluster.start("m");
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.9.9.9");
        ScriptedPeer third = new ScriptedPeer(cluster, "10.8.8.8");

        Source forged = new Source(ip(third), 7946, "third");
        stranger.send(member, new Ping(1, "m", forged));
        stranger.send(member, new IndirectPing(2, ip(third), 7946, "third", true, forged));
        stranger.send(member, new IndirectPing(3, ip(third), 7946, "third", true, null));
        cluster.run(Duration.ofSeconds(2));

        assertThat(third.packets).isEmpty();
        assertThat(stranger.heard).hasSize(1).allMatch(Ack.class::isInstance);
    }

    @Test
    void aStrangerHasAMemberPingedByAnother() {
        // It may have joined a moment ago, at a member that has not gossiped it yet.
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        ScriptedPeer newcomer = new ScriptedPeer(cluster, "10.9.9.9");
        Member target = members.get(1).localMember();

        newcomer.send(
                members.get(0),
                new IndirectPing(
                        7,
                        target.address().getAddress().getAddress(),
                        target.address().getPort(),
                        target.name(),
                        true,
                        new Source(ip(newcomer), 7946, "newcomer")));

        assertThat(newcomer.heard(Ack.class)).extracting(Ack::sequence).containsExactly(7L);
    }

    @Test
    void whoIsOutsideOfTheAllowedNetworksIsNotHeard() {
        List<String> received = new ArrayList<>();
        Memberlist member = cluster.start(
                "m",
                config -> config.network(network -> network.allowedNetworks(List.of(Cidr.parse("10.0.0.0/16"))))
                        .delegates(delegates -> delegates.message(
                                message -> received.add(new String(message, StandardCharsets.UTF_8)))));
        ScriptedPeer inside = new ScriptedPeer(cluster, "10.0.9.9").answeringPings();
        ScriptedPeer outside = new ScriptedPeer(cluster, "10.9.9.9");
        inside.send(member, inside.alive("inside", 1, 1, 5, 2, 0, 0, 0));

        outside.send(member, new Dead(1, "inside", "inside"));
        outside.send(member, new UserMessage(new byte[] {'x'}));
        outside.send(member, new Ping(1, "m", null));
        Message state = outside.ask(member, new PushPull(false, List.of(), new byte[0]));
        outside.ask(member, new UserMessage(new byte[] {'y'}));
        cluster.run(Duration.ofSeconds(1));

        assertThat(outside.packets).isEmpty();
        assertThat(state).isNull();
        assertThat(received).isEmpty();
        assertThat(VirtualCluster.stateOf(member, "inside")).isEqualTo(MemberState.ALIVE);
        assertThat(member.statistics().drops()).containsEntry("not_allowed", 5L);
        assertThat(inside.ask(member, new PushPull(false, List.of(), new byte[0])))
                .isInstanceOf(PushPull.class);
    }

    private static PushPullNode entry(String name, int index, byte[] versions) {
        byte[] address = {10, 7, (byte) (index >> 8), (byte) index};
        return new PushPullNode(name, address, 7946, new byte[0], 1, 0, versions);
    }

    @Test
    void oneMemberThatNobodyUnderstandsKeepsNobodyFromExchangingState() {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        for (Memberlist member : members) {
            liar.send(member, liar.alive("future", 1, 6, 9, 7, 0, 0, 0));
        }

        liar.ask(
                members.get(0),
                new PushPull(
                        false,
                        List.of(entry("f", 1, new byte[] {6, 9, 7, 0, 0, 0}), entry("fine", 2, VERSIONS)),
                        new byte[0]));
        Memberlist newcomer = cluster.start("newcomer");
        cluster.await(newcomer.join(VirtualCluster.addressOf(members.get(0))));

        assertThat(members.get(0).member("fine")).isPresent();
        assertThat(members.get(0).member("f")).isEmpty();
        assertThat(members.get(0).member("future")).isEmpty();
        assertThat(newcomer.member("node-1")).isPresent();
        assertThat(members.get(0).statistics().drops()).containsEntry("bad_versions", 2L);
    }

    @Test
    void aMemberWhoseVersionsAreAThousandTimesTooLongCostsNoMoreThanOthers() {
        Memberlist member = cluster.start("m");
        ScriptedPeer peer = new ScriptedPeer(cluster, "10.9.9.9");
        byte[] many = Arrays.copyOf(VERSIONS, 1_000_000);
        byte[] longName = new byte[100_000];
        Arrays.fill(longName, (byte) 'x');

        peer.ask(
                member,
                new PushPull(
                        false,
                        List.of(
                                entry("much", 1, many),
                                entry(new String(longName, StandardCharsets.UTF_8), 2, VERSIONS),
                                entry("", 3, VERSIONS),
                                new PushPullNode("meta", new byte[] {10, 7, 0, 4}, 7946, longName, 1, 0, VERSIONS),
                                new PushPullNode("address", longName, 7946, new byte[0], 1, 0, VERSIONS),
                                entry("fine", 6, VERSIONS)),
                        new byte[0]));
        cluster.run(Duration.ofSeconds(1));

        assertThat(member.allMembers()).extracting(Member::name).containsExactlyInAnyOrder("m", "much", "fine");
        PushPull state = (PushPull) peer.ask(member, new PushPull(false, List.of(), new byte[0]));
        assertThat(state).isNotNull();
        assertThat(state.nodes()).allMatch(node -> node.versions().length == 6);
        assertThat(member.statistics().drops()).containsEntry("malformed", 1L);
    }

    @Test
    void noMoreMembersAreKnownThanTheLimitAllows() {
        Memberlist member = cluster.start("m", config -> config.limits(limits -> limits.maxMembers(10)));
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        for (int i = 0; i < 20; i++) {
            liar.send(member, liar.alive("ghost-" + i, 1, 1, 5, 2, 0, 0, 0));
        }

        assertThat(member.allMembers()).hasSize(10);
        assertThat(member.statistics().drops()).containsEntry("too_many_members", 11L);
    }

    @Test
    void aFailureIsFoundAmongMembersThatDoNotExist() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        cluster.run(Duration.ofNanos(Newcomers.FORMING_NANOS).minusSeconds(1));
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        List<PushPullNode> ghosts = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            ghosts.add(entry("ghost-" + i, i, VERSIONS));
        }
        members.forEach(member -> liar.ask(member, new PushPull(false, ghosts, new byte[0])));
        cluster.run(Duration.ofSeconds(5));

        cluster.crash(members.get(2));
        cluster.run(Duration.ofSeconds(5));

        assertThat(members.subList(0, 2))
                .allMatch(observer -> VirtualCluster.stateOf(observer, "node-2") == MemberState.SUSPECT);
    }

    @Test
    void aMemberThatWasDrivenToTheLastIncarnationsCanLeave() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        liar.send(members.get(1), new Suspect(0xffff_ffffL - 0x1_0000, "node-0", "liar"));
        cluster.run(Duration.ofSeconds(10));
        assertThat(VirtualCluster.stateOf(members.get(2), "node-0")).isEqualTo(MemberState.ALIVE);

        cluster.await(members.get(0).leave(Duration.ofSeconds(10)));
        cluster.run(Duration.ofSeconds(3));

        assertThat(VirtualCluster.stateOf(members.get(1), "node-0")).isEqualTo(MemberState.LEFT);
        assertThat(VirtualCluster.stateOf(members.get(2), "node-0")).isEqualTo(MemberState.LEFT);
    }
}
