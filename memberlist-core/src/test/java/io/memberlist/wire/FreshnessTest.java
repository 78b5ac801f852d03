package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encrypted messages say when they were encrypted, where that is asked for. */
class FreshnessTest {
    private static final Duration MAX_AGE = Duration.ofSeconds(30);
    private static final byte[] VERSIONS = {1, 5, 5, 0, 0, 0};
    private static final byte[] ADDRESS = {10, 0, 0, 1};
    private static final Alive ALIVE = new Alive(1, "a", ADDRESS, 7946, new byte[300], VERSIONS);

    private Instant now = Instant.parse("2027-01-01T00:00:00Z");
    private final NonceSource nonces = new Random(5)::nextBytes;

    private WireFormat format(Compression compression, int version, @Nullable Duration maxAge) {
        WireFormat format = new WireFormat(
                compression, version, "label", false, Keys.of(Keys.key(32, 1)), true, true, WireLimits.DEFAULT);
        return maxAge == null ? format : format.withFreshness(new Freshness(() -> now, maxAge));
    }

    static Stream<Arguments> packets() {
        List<List<Message>> contents = List.of(
                List.of(new Ping(1, "a", null)),
                List.of(ALIVE),
                List.of(new UserMessage(new byte[] {1, 2, 3})),
                List.of(new UserMessage(new byte[500])),
                List.of(ALIVE, new UserMessage(new byte[] {1, 2, 3})));
        return contents.stream()
                .flatMap(messages -> Stream.of(Compression.values())
                        .flatMap(compression -> Stream.of(Checksum.NONE, Checksum.CRC32)
                                .flatMap(checksum -> Stream.of(0, 1)
                                        .map(version -> Arguments.of(messages, compression, checksum, version)))));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void packetsAreReadUntilTheyAreTooOld(
            List<Message> messages, Compression compression, Checksum checksum, int version) throws WireException {
        PacketCodec codec = new PacketCodec(format(compression, version, MAX_AGE), nonces);
        PacketCodec indifferent = new PacketCodec(format(compression, version, null), nonces);
        List<byte[]> encoded = messages.stream().map(MessageCodec::encode).toList();
        byte[] packet = codec.encode(encoded, checksum);
        byte[] undated = indifferent.encode(encoded, checksum);

        assertThat(packet.length).isLessThanOrEqualTo(largest(encoded) + codec.overhead(checksum));
        assertRead(codec, packet, encoded);
        assertRead(indifferent, packet, encoded);
        now = now.plus(MAX_AGE);
        assertRead(codec, packet, encoded);
        now = now.plusMillis(1);
        assertTooOld(() -> codec.decode(packet, fault -> {}));
        assertRead(indifferent, packet, encoded);
        assertRead(codec, undated, encoded);
        now = now.minus(MAX_AGE.multipliedBy(2)).minusMillis(2);
        assertTooOld(() -> codec.decode(packet, fault -> {}));
    }

    private static int largest(List<byte[]> encoded) {
        int compound = PacketCodec.COMPOUND_HEADER + PacketCodec.COMPOUND_ENTRY * encoded.size();
        return compound + encoded.stream().mapToInt(message -> message.length).sum();
    }

    private static void assertRead(PacketCodec codec, byte[] packet, List<byte[]> expected) throws WireException {
        assertThat(codec
                        .decode(packet, fault -> {
                            throw new AssertionError(fault);
                        })
                        .stream()
                        .map(MessageCodec::encode)
                        .toList())
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(expected);
    }

    static Stream<Message> streams() {
        PushPullNode node = new PushPullNode("a", ADDRESS, 7946, new byte[] {1}, 1, 0, VERSIONS);
        return Stream.of(
                new Ping(1, "a", null),
                new UserMessage(new byte[] {1, 2, 3}),
                new PushPull(true, List.of(node), new byte[0]),
                new PushPull(false, List.of(node, node), new byte[] {4, 5}));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsAreReadUntilTheyAreTooOld(Message message) throws WireException {
        for (Compression compression : Compression.values()) {
            StreamCodec codec = new StreamCodec(format(compression, 1, MAX_AGE), nonces);
            StreamCodec indifferent = new StreamCodec(format(compression, 1, null), nonces);
            byte[] request = codec.encodeRequest(message);
            byte[] undated = indifferent.encodeRequest(message);

            assertThat(read(codec, request)).isEqualTo(read(indifferent, undated));
            assertThat(read(indifferent, request)).isEqualTo(read(indifferent, undated));
            now = now.plus(MAX_AGE).plusMillis(1);
            assertTooOld(() -> decoded(codec, request));
            assertThat(read(codec, undated)).isEqualTo(read(indifferent, undated));
        }
    }

    private static String read(StreamCodec codec, byte[] request) throws WireException {
        // Messages hold arrays, so they are compared by the bytes that they are written as.
        WireFormat plain = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);
        return Arrays.toString(new StreamCodec(plain, nonce -> {}).encodeRequest(decoded(codec, request)));
    }

    private static Message decoded(StreamCodec codec, byte[] request) throws WireException {
        StreamDecoder decoder = codec.requestDecoder();
        assertThat(decoder.feed(request)).isTrue();
        return decoder.decode();
    }

    @Test
    void plaintextHasNoDate() {
        WireFormat plain = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);
        byte[] ping = MessageCodec.encode(new Ping(1, "a", null));
        PacketCodec dated = new PacketCodec(plain.withFreshness(new Freshness(() -> now, MAX_AGE)), nonces);

        assertThat(dated.encode(List.of(ping), Checksum.NONE)).isEqualTo(ping);
        assertThat(dated.overhead(Checksum.NONE)).isZero();
    }

    private interface Reading {
        Object read() throws WireException;
    }

    private static void assertTooOld(Reading reading) {
        assertThatThrownBy(reading::read)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_OLD))
                .hasMessageContaining("it was encrypted at 20");
    }
}
