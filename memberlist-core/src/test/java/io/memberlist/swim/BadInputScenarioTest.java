package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Input of a broken or hostile peer: it is counted, answered where the protocol requires that, and the member goes on.
 */
class BadInputScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    private static final byte[] NONE = new byte[0];

    private final VirtualCluster cluster = new VirtualCluster(99);
    private Memberlist victim;
    private Memberlist friend;
    private Transport stranger;

    @BeforeEach
    void aClusterOfTwoAndAStranger() {
        List<Memberlist> two =
                cluster.startJoined(2, config -> config.network(n -> n.tcpTimeout(Duration.ofSeconds(10))));
        victim = two.get(0);
        friend = two.get(1);
        stranger = cluster.await(cluster.network().open(new InetSocketAddress("10.66.66.66", 7946)));
    }

    @AfterEach
    void theVictimGoesOn() {
        cluster.run(Duration.ofSeconds(30));
        assertThat(cluster.time().failures()).isEmpty();
        assertThat(victim.members()).extracting(m -> m.name()).contains("node-0", "node-1");
        assertThat(cluster.await(friend.ping("node-0", victim.localMember().address())))
                .isPositive();
        assertThat(cluster.await(friend.join(VirtualCluster.addressOf(victim))).count())
                .isEqualTo(1);
    }

    private void packet(byte[] bytes) {
        stranger.sendPacket(Recipient.at(victim.localMember().address()), bytes, Completion.IGNORED);
        cluster.run(Duration.ofMillis(20));
    }

    private void packet(Message message) {
        packet(MessageCodec.encode(message));
    }

    private Map<String, Long> drops() {
        return victim.statistics().drops();
    }

    @ParameterizedTest
    @CsvSource({
        "'', malformed",
        "00, malformed",
        "0081a5, malformed",
        "0093010203, malformed",
        "0a, unsupported",
        "63ff, unsupported",
        "07, malformed",
        "0705000100, malformed",
        "0c0000000000, checksum",
        "0981a4416c676f09, unsupported",
        "0982a4416c676f00a3427566a3ffffff, compression",
        "0982a4416c676f01a3427566a3ffffff, compression",
        "f403616263, label",
        "f400, label",
    })
    void packetsThatAreNoMessageAreCounted(String hex, String reason) {
        packet(HexFormat.of().parseHex(hex));

        assertThat(drops()).containsEntry(reason, 1L);
    }

    /** What a later version of somebody's fork may send is named, so that an operator can find out who sends it. */
    @Test
    void anUnknownAlgorithmIsNamedInTheLog() throws WireException {
        byte[] unknown = HexFormat.of().parseHex("0982a4416c676f2aa3427566a3010061");
        try (MemberLines lines = MemberLines.of("node-0")) {
            packet(unknown);
            assertThat(drops()).containsEntry("unsupported", 1L);
            assertThat(lines.complaints())
                    .singleElement()
                    .asString()
                    .contains("10.66.66.66", "cannot decompress unknown algorithm 42");

            Conversation conversation = stream(unknown);
            assertThat(drops()).containsEntry("unsupported", 2L);
            assertThat(lines.complaints())
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("10.66.66.66", "cannot decompress unknown algorithm 42");
            assertThat(decode(conversation.answer.toByteArray()))
                    .isEqualTo(new ErrorMessage("cannot decompress unknown algorithm 42"));
        }
    }

    @Test
    void aBadPartOfACompoundDoesNotTakeTheGoodOnesWithIt() {
        byte[] good = MessageCodec.encode(new Alive(1, "third", new byte[] {10, 7, 7, 7}, 7946, NONE, VERSIONS));
        ByteArrayOutputStream compound = new ByteArrayOutputStream();
        compound.writeBytes(new byte[] {7, 2, 0, 2, 0, (byte) good.length, 99, 99});
        compound.writeBytes(good);

        packet(compound.toByteArray());

        assertThat(drops()).containsEntry("unsupported", 1L);
        assertThat(victim.member("third")).isPresent();
    }

    @Test
    void newsWithImpossibleAddressesVersionsOrNamesIsIgnored() {
        packet(new Alive(5, "short", new byte[] {1, 2, 3}, 7946, NONE, VERSIONS));
        packet(new Alive(5, "none", NONE, 7946, NONE, VERSIONS));
        packet(new Alive(5, "inverted", new byte[] {10, 1, 1, 1}, 7946, NONE, new byte[] {5, 1, 2, 0, 0, 0}));
        packet(new Alive(5, "zero", new byte[] {10, 1, 1, 1}, 7946, NONE, new byte[] {0, 0, 0, 0, 0, 0}));
        packet(new Alive(5, "", new byte[] {10, 1, 1, 1}, 7946, NONE, VERSIONS));

        assertThat(victim.allMembers()).hasSize(2);
        assertThat(drops()).containsEntry("bad_address", 2L).containsEntry("bad_versions", 2L);
    }

    @Test
    void accusationsThatCouldNeverBeRefutedAreIgnored() {
        packet(new Suspect(0xffff_ffffL, "node-0", "liar"));
        packet(new Dead(0xffff_ffffL, "node-1", "liar"));
        packet(new Alive(
                0xffff_ffffL,
                "node-0",
                victim.localMember().address().getAddress().getAddress(),
                7946,
                NONE,
                VERSIONS));

        assertThat(victim.localMember().incarnation()).isLessThan(10);
        assertThat(victim.numMembers()).isEqualTo(2);
        assertThat(drops()).containsEntry("bad_incarnation", 3L);
    }

    @Test
    void aNameTakenByAnotherAddressIsAConflict() {
        packet(new Alive(50, "node-1", new byte[] {10, 66, 66, 66}, 7946, NONE, VERSIONS));

        assertThat(victim.member("node-1").orElseThrow().address())
                .isEqualTo(friend.localMember().address());
        assertThat(drops()).containsEntry("name_conflict", 1L);
    }

    @Test
    void lyingAboutTheMembersThemselvesIsRefuted() {
        packet(new Dead(1, "node-0", "liar"));
        packet(new Dead(1, "node-1", "liar"));
        cluster.run(Duration.ofSeconds(60));

        assertThat(victim.numMembers()).isEqualTo(2);
        assertThat(friend.numMembers()).isEqualTo(2);
    }

    @Test
    void pingsForSomebodyElseAndToNowhereAreCounted() {
        packet(new Ping(7, "somebody-else", null));
        packet(new IndirectPing(8, new byte[] {1, 2}, 1, "x", true, null));

        assertThat(drops()).containsEntry("wrong_node", 1L).containsEntry("bad_address", 1L);
    }

    @Test
    void aFloodOfMembersNobodyKnowsEndsInDeadMembersThatAreForgotten() {
        for (int i = 0; i < 60; i++) {
            packet(new Alive(1, "ghost-" + i, new byte[] {10, 99, (byte) (i >> 8), (byte) i}, 7946, NONE, VERSIONS));
        }
        assertThat(victim.numMembers()).isEqualTo(62);
        cluster.run(Duration.ofMinutes(30));

        assertThat(victim.allMembers()).extracting(m -> m.name()).containsExactlyInAnyOrder("node-0", "node-1");
    }

    // ---- streams

    private static final class Conversation implements StreamHandler {
        private final byte[] request;
        private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
        private boolean closed;

        Conversation(byte[] request) {
            this.request = request;
        }

        @Override
        public void opened(Stream stream) {
            stream.send(request, Completion.IGNORED);
        }

        @Override
        public void received(byte[] bytes) {
            answer.writeBytes(bytes);
        }

        @Override
        public void closed(@Nullable Throwable failure) {
            closed = true;
        }
    }

    private Conversation stream(byte[] request) {
        Conversation conversation = new Conversation(request);
        stranger.openStream(
                Recipient.at(victim.localMember().address()),
                Duration.ofSeconds(5).toNanos(),
                conversation);
        cluster.run(Duration.ofMillis(200));
        return conversation;
    }

    private static Message decode(byte[] answer) throws WireException {
        StreamDecoder decoder = codec().answerDecoder();
        assertThat(decoder.feed(answer)).isTrue();
        return decoder.decode();
    }

    private static StreamCodec codec() {
        return new StreamCodec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT), nonce -> {});
    }

    @ParameterizedTest
    @CsvSource({
        // a push/pull header with two million members; one with a negative number; user state above 20 MiB
        "0683a44a6f696ec2a54e6f646573d2001e8480ac557365725374617465 4c656e00, too_large",
        "0683a44a6f696ec2a54e6f646573ffac557365725374617465 4c656e00, too_large",
        "0683a44a6f696ec2a54e6f64657300ac5573657253746174654c656ed201f00000, too_large",
        // a user message above 20 MiB; an encrypted frame where no encryption is configured
        "0881aa557365724d73674c656ed201f00000, too_large",
        "0a00000010, decrypt",
        "63, unsupported",
        "06c0, malformed",
        "0982a4416c676f00a3427566a3ffffff, compression",
        "0982a4416c676f01a3427566a3ffffff, compression",
    })
    void streamsThatCannotBeReadAreAnsweredWithAnError(String hex, String reason) throws WireException {
        Conversation conversation = stream(HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThat(drops()).containsEntry(reason, 1L);
        assertThat(conversation.closed).isTrue();
        assertThat(decode(conversation.answer.toByteArray()))
                .isInstanceOfSatisfying(
                        ErrorMessage.class, error -> assertThat(error.error()).isNotBlank());
    }

    @Test
    void aStreamWithAForeignLabelIsClosedWithoutAWord() {
        Conversation conversation = stream(HexFormat.of().parseHex("f40361626306"));

        assertThat(conversation.closed).isTrue();
        assertThat(conversation.answer.size()).isZero();
        assertThat(drops()).containsEntry("label", 1L);
    }

    @Test
    void aStreamThatStallsIsGivenUpAfterTheTimeout() {
        Conversation conversation = stream(HexFormat.of().parseHex("0683a44a6f696e"));
        assertThat(conversation.closed).isFalse();
        cluster.run(Duration.ofSeconds(11));

        assertThat(conversation.closed).isTrue();
        assertThat(drops()).containsEntry("stream_timeout", 1L);
    }

    @Test
    void aPushPullFullOfNonsenseChangesNothing() {
        List<PushPullNode> nodes = new ArrayList<>();
        nodes.add(new PushPullNode("bad-address", new byte[] {1}, 7946, NONE, 1, 0, VERSIONS));
        nodes.add(new PushPullNode("bad-state", new byte[] {10, 1, 1, 1}, 7946, NONE, 1, 17, VERSIONS));
        nodes.add(new PushPullNode("bad-versions", new byte[] {10, 1, 1, 1}, 7946, NONE, 1, 0, new byte[] {9}));
        nodes.add(new PushPullNode("unknown-dead", new byte[] {10, 1, 1, 1}, 7946, NONE, 1, 2, VERSIONS));

        stream(codec().encodeRequest(new PushPull(false, nodes, NONE)));

        assertThat(victim.allMembers()).hasSize(2);
    }

    @Test
    void noMoreThan128PushPullsAreServedAtOnceAndHalfOfThemToOneAddress() {
        // The state delegate never answers, so every exchange stays open until its time is up.
        List<Runnable> stuck = new ArrayList<>();
        Memberlist busy = cluster.start(
                "busy",
                config -> config.callbackExecutor(stuck::add)
                        .delegates(d -> d.state(new io.memberlist.delegate.StateDelegate() {
                            @Override
                            public byte[] localState(boolean join) {
                                return NONE;
                            }

                            @Override
                            public void mergeRemoteState(byte[] state, boolean join) {}
                        })));
        byte[] request = codec().encodeRequest(new PushPull(false, List.of(), NONE));
        for (long dropped : new long[] {36, 72, 172}) {
            Transport one = cluster.await(cluster.network().open(new InetSocketAddress("10.9.1." + dropped, 7946)));
            for (int i = 0; i < 100; i++) {
                one.openStream(
                        Recipient.at(busy.localMember().address()),
                        Duration.ofSeconds(5).toNanos(),
                        new Conversation(request));
            }
            cluster.run(Duration.ofSeconds(1));
            assertThat(busy.statistics().drops()).containsEntry("too_many_push_pulls", dropped);
        }
    }

    @Test
    void theLimitsAreThoseOfTheConfiguration() {
        MemberlistConfig config = victim.config();

        assertThat(config.limits().userMessageSize()).isEqualTo(20 * 1024 * 1024);
        assertThat(config.limits().userStateSize()).isEqualTo(20 * 1024 * 1024);
    }
}
