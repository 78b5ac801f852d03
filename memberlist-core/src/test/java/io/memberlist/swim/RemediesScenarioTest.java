package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memberlist.Memberlist;
import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import io.memberlist.testing.MemberLines;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit together is named, and so is the setting, as it is called where this member was configured. */
class RemediesScenarioTest {
    private final VirtualCluster cluster =
            new VirtualCluster(1414, config -> config.settingNames(path -> "my." + path));

    /** {@return why a member of the second configuration cannot join one of the first} */
    private String refusal(
            UnaryOperator<MemberlistConfigBuilder> first, UnaryOperator<MemberlistConfigBuilder> second) {
        Memberlist seed = cluster.start("seed", first);
        Memberlist late = cluster.start("late", second);
        Throwable failure = catchThrowable(() -> cluster.await(late.join(addressOf(seed))));
        JoinException refused = (JoinException) failure.getCause();
        return refused.result().failures().values().iterator().next().getMessage();
    }

    private static UnaryOperator<MemberlistConfigBuilder> key(int fill) {
        byte[] key = new byte[16];
        Arrays.fill(key, (byte) fill);
        return config -> fill == 0 ? config : config.encryption(e -> e.secretKey(key));
    }

    private static UnaryOperator<MemberlistConfigBuilder> label(String label) {
        return config -> config.network(n -> n.label(label));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 'encryption is configured but remote state is not encrypted: give all members the same keys (my.encryption.keyring)'",
        "1, 0, 'remote state is encrypted and encryption is not configured: this member has no keys; give it those of the others (my.encryption.keyring)'",
        "1, 2, 'no installed keys could decrypt the message: give all members the same keys (my.encryption.keyring)'"
    })
    void otherKeys(int first, int second, String why) {
        assertThat(refusal(key(first), key(second))).contains(why);
    }

    @Test
    void anotherLabel() {
        try (MemberLines lines = MemberLines.of("seed")) {
            assertThat(refusal(label("green"), label("blue")))
                    .contains(
                            "closed the stream without an answer: this member has the label \"blue\" (my.network.label), and"
                                    + " the other side may have another one");
            assertThat(lines.complaints())
                    .singleElement()
                    .asString()
                    .contains("discarding message with unacceptable label \"blue\": this member has the label \"green\""
                            + " (my.network.label)");
        }
    }

    @Test
    void noLabel() {
        assertThat(refusal(label("green"), label(""))).contains("this member has no label (my.network.label)");
    }

    /** The answer is that of the Go library, which reads LZW only. */
    @Test
    void anAlgorithmThatTheOtherSideDoesNotRead() throws UnknownHostException {
        AnsweringPeer peer = new AnsweringPeer(new ErrorMessage("Cannot decompress unknown algorithm 1"));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("10.5.5.5"), 7946);
        cluster.await(cluster.network().open(address)).start(peer);
        Memberlist member =
                cluster.start("late", config -> config.compression(c -> c.algorithm(CompressionAlgorithm.SNAPPY)));

        Throwable failure = catchThrowable(() -> cluster.await(member.join("10.5.5.5:7946")));

        assertThat(((JoinException) failure.getCause()).result().failures().values())
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("Cannot decompress unknown algorithm 1: choose an algorithm that all members read"
                        + " (my.compression.algorithm is SNAPPY)");
    }

    /** Answers every stream with the same message. */
    private record AnsweringPeer(Message answer) implements TransportListener {
        @Override
        public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {}

        @Override
        public StreamHandler streamAccepted(InetSocketAddress from) {
            return new StreamHandler() {
                private @Nullable Stream stream;

                @Override
                public void opened(Stream opened) {
                    stream = opened;
                }

                @Override
                public void received(byte[] bytes) {
                    WireFormat format = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);
                    byte[] encoded = new StreamCodec(format, nonce -> {}).encodeAnswer(answer);
                    Objects.requireNonNull(stream).send(encoded, Completion.IGNORED);
                }

                @Override
                public void closed(@Nullable Throwable failure) {}
            };
        }
    }

    @Test
    void aMessageThatIsTooLong() {
        Memberlist member = cluster.start("a", config -> config.limits(l -> l.userMessageSize(10)));

        assertThat(catchThrowable(() -> cluster.await(member.sendReliable(member.localMember(), new byte[11]))))
                .hasMessageContaining("raise my.limits.userMessageSize at every member");
        assertThat(catchThrowable(() -> cluster.await(member.sendBestEffort(member.localMember(), new byte[2000]))))
                .hasMessageContaining("raise my.network.udpBufferSize");
    }

    @Test
    void protocolOneHasOnePortForAllMembers() {
        Memberlist seed = cluster.start("seed", config -> config.protocol(p -> p.version(5)));
        try (MemberLines lines = MemberLines.of("old")) {
            Memberlist old = cluster.start(
                    "old", config -> config.network(n -> n.bindPort(8000)).protocol(p -> p.version(1)));
            cluster.await(old.join(addressOf(seed)));

            assertThat(lines.complaints())
                    .contains(
                            "'seed' has the port 7946, and is looked for at 8000: with my.protocol.version 1 all members"
                                    + " must have the port of this one; set it to 2 or above");
        }
    }
}
