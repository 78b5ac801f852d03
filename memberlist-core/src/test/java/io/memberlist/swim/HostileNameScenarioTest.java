package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stranger or a lying member abuses what members do about names, and the damage that it must not do. */
class HostileNameScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    private static final byte[] NOWHERE = {10, 8, 8, 8};

    private final VirtualCluster cluster = new VirtualCluster(13);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static PushPullNode entry(String name, byte[] address, long incarnation, int state) {
        return new PushPullNode(name, address, 7946, new byte[0], incarnation, state, VERSIONS);
    }

    private static long incarnation(ScriptedPeer peer, Memberlist of) {
        Message answer = peer.ask(of, new PushPull(false, List.of(), new byte[0]));
        return ((PushPull) Objects.requireNonNull(answer))
                .nodes().stream()
                        .filter(node -> node.name().equals(of.localMember().name()))
                        .mapToLong(PushPullNode::incarnation)
                        .max()
                        .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nobodyDrivesTheIncarnationOfAMemberBeyondTheLastByClaimingItsNameElsewhere(int state) {
        List<Memberlist> members = cluster.startJoined(2, config -> config);
        ScriptedPeer liar = new ScriptedPeer(cluster, "10.9.9.9");
        PushPullNode other = entry("liar", liar.address().getAddress().getAddress(), 1, 0);
        PushPullNode namesake = entry("node-0", NOWHERE, 0xffff_ffffL, state);

        liar.ask(members.get(0), new PushPull(false, List.of(other, namesake), new byte[0]));
        cluster.run(Duration.ofSeconds(5));

        assertThat(incarnation(liar, members.get(0))).isLessThan(1000);
    }

    /** Each question is a stream to an address that the sender of the claims has chosen, and may last one probe interval. */
    @Test
    void claimsOfManyNamesMakeAMemberAskFewAtATime() {
        Memberlist victim = cluster.start("victim");
        ScriptedPeer holders = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();
        for (int i = 0; i < 400; i += 20) {
            Message[] news = new Message[20];
            for (int j = 0; j < 20; j++) {
                news[j] = holders.alive("m" + (i + j), 1, 1, 5, 2, 0, 0, 0);
            }
            holders.send(victim, news);
        }
        assertThat(victim.numMembers()).isEqualTo(401);
        List<Long> begun = new ArrayList<>();
        cluster.network().cut((from, to) -> {
            boolean nowhere = Arrays.equals(to.getAddress().getAddress(), NOWHERE);
            if (nowhere) {
                begun.add(cluster.time().nanos());
            }
            return nowhere;
        });
        cluster.network().cutPackets((from, to) -> false);
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 400; i += 20) {
                Message[] claims = new Message[20];
                for (int j = 0; j < 20; j++) {
                    claims[j] = new Alive(2, "m" + (i + j), NOWHERE, 1000 + round, new byte[0], VERSIONS);
                }
                holders.send(victim, claims);
            }
        }
        long most = begun.stream()
                .mapToLong(from -> begun.stream()
                        .filter(other -> other >= from && other < from + 1_000_000_000L)
                        .count())
                .max()
                .orElse(0);
        assertThat(begun).isNotEmpty();
        assertThat(most).isLessThanOrEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPausedMemberKeepsItsNameAsLongAsWithTheGoLibrary(boolean streamPings) {
        List<Memberlist> members =
                cluster.startJoined(4, config -> config.probe(p -> p.disableStreamPings(!streamPings)));
        InetSocketAddress paused = members.get(1).localMember().address();
        cluster.network().pause(paused);
        Memberlist second = cluster.start("node-1", config -> config.probe(p -> p.disableStreamPings(!streamPings)));
        second.join(List.of(addressOf(members.get(0)), addressOf(members.get(2))));
        Duration dead = cluster.runUntil(
                "it is dead", () -> VirtualCluster.stateOf(members.get(0), "node-1") == MemberState.DEAD);
        for (int i = 0; i < 25; i++) {
            cluster.run(Duration.ofSeconds(1));
            assertThat(members.get(0).member("node-1").orElseThrow().address())
                    .as("%d s after its death, which came after %s", i + 1, dead)
                    .isEqualTo(paused);
        }
    }

    /** A stranger who answers streams, as a test tells it to. */
    private final class Liar implements TransportListener {
        private final StreamCodec codec =
                new StreamCodec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT), nonce -> {});
        private final InetSocketAddress address;
        private final Transport transport;
        private final Function<Message, @Nullable Message> answers;

        Liar(String host, Function<Message, @Nullable Message> answers) {
            this.address = new InetSocketAddress(host, 7946);
            this.answers = answers;
            this.transport = cluster.await(cluster.network().open(address));
            transport.start(this);
        }

        void ping(Memberlist victim) {
            Ping ping = new Ping(
                    1,
                    victim.localMember().name(),
                    new Source(address.getAddress().getAddress(), 7946, "liar"));
            transport.sendPacket(
                    Recipient.at(victim.localMember().address()), MessageCodec.encode(ping), Completion.IGNORED);
        }

        @Override
        public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {}

        @Override
        public StreamHandler streamAccepted(InetSocketAddress from) {
            StreamDecoder request = codec.requestDecoder();
            return new StreamHandler() {
                private @Nullable Stream stream;

                @Override
                public void opened(Stream opened) {
                    stream = opened;
                }

                @Override
                public void received(byte[] bytes) {
                    try {
                        if (request.feed(bytes)) {
                            Message message = request.decode();
                            Message answer = answers.apply(message);
                            if (answer != null && stream != null) {
                                stream.send(codec.encodeAnswer(answer), Completion.IGNORED);
                            }
                        }
                    } catch (WireException e) {
                        throw new AssertionError(e);
                    }
                }

                @Override
                public void closed(@Nullable Throwable failure) {}
            };
        }
    }

    @Test
    void aStrangerCannotKeepALoneMemberOutOfTheClusterThatFormsAroundIt() {
        Memberlist first = cluster.start("first");
        cluster.await(first.join(addressOf(first)));
        boolean[] silent = new boolean[1];
        byte[] liarsAddress = {10, 9, 9, 9};
        Liar liar = new Liar("10.9.9.9", request -> {
            if (request instanceof Ping ping) {
                return silent[0] ? null : new Ack(ping.sequence(), new byte[0]);
            }
            return new PushPull(
                    false, List.of(entry("liar", liarsAddress, 1, 0), entry("first", liarsAddress, 1, 0)), new byte[0]);
        });
        for (int i = 0; i < 50; i++) {
            liar.ping(first);
            cluster.run(Duration.ofMillis(100));
        }
        assertThat(first.nameConflict()).isPresent();
        // From now on it holds the one exchange that a ping may begin.
        silent[0] = true;
        List<Memberlist> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Memberlist other = cluster.start("other-" + i);
            other.join(addressOf(first));
            others.add(other);
        }
        for (int i = 0; i < 12_000 && first.numMembers() < 4; i++) {
            liar.ping(first);
            cluster.run(Duration.ofMillis(10));
        }

        assertThat(first.numMembers()).isEqualTo(4);
        assertThat(first.nameConflict()).isEmpty();
    }

    @Test
    void aForgedLeaveDoesNotGiveAMembersNameToAStranger() {
        List<Memberlist> members = cluster.startJoined(3, config -> config);
        cluster.run(Duration.ofSeconds(10));
        ScriptedPeer thief = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();

        for (Memberlist member : members.subList(1, 3)) {
            thief.send(member, new Dead(1, "node-0", "node-0"), thief.alive("node-0", 9, 1, 5, 2, 0, 0, 0));
        }
        cluster.run(Duration.ofSeconds(20));

        assertThat(members)
                .allMatch(observer -> observer.member("node-0")
                        .orElseThrow()
                        .address()
                        .equals(members.get(0).localMember().address()));
    }

    @Test
    void whoseNameWasTakenWhileItWasCutOffReturnsAboveTheIncarnationAtWhichItFailed() {
        List<Member> ends = new ArrayList<>();
        List<Member> returns = new ArrayList<>();
        List<Memberlist> members = cluster.startJoined(
                3,
                config -> config.deadNodeReclaimTime(Duration.ofSeconds(5))
                        .delegates(d -> d.event(event -> {
                            if (event.member().name().equals("node-0")) {
                                if (event instanceof MemberEvent.Failed) {
                                    ends.add(event.member());
                                } else if (event instanceof MemberEvent.Joined) {
                                    returns.add(event.member());
                                }
                            }
                        })));
        Memberlist first = members.get(0);
        List<Memberlist> others = members.subList(1, 3);
        InetSocketAddress at = first.localMember().address();
        first.updateMeta(new byte[] {1}, Duration.ofSeconds(5));
        cluster.run(Duration.ofSeconds(5));
        cluster.isolate(first);
        cluster.runUntil(
                "it has failed",
                () -> others.stream().allMatch(other -> VirtualCluster.stateOf(other, "node-0") == MemberState.DEAD));
        cluster.run(Duration.ofSeconds(6));
        ScriptedPeer thief = new ScriptedPeer(cluster, "10.9.9.9").answeringPings();
        others.forEach(other -> thief.send(other, thief.alive("node-0", 1, 1, 5, 2, 0, 0, 0)));
        assertThat(others.get(0).member("node-0").orElseThrow().address()).isEqualTo(thief.address());
        long end = ends.get(0).incarnation();
        returns.clear();

        cluster.network().heal();
        cluster.runUntil(
                "all know it again",
                () -> others.stream()
                        .allMatch(other -> other.member("node-0")
                                .filter(member -> member.address().equals(at))
                                .isPresent()));

        assertThat(returns)
                .filteredOn(member -> member.address().equals(at))
                .isNotEmpty()
                .allMatch(member -> member.incarnation() > end);
    }
}
