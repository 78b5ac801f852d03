package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.wire.Vectors.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Decodes what the Go library wrote, and encodes the same bytes, whatever the vectors say: their number is free. */
class WireVectorsTest {
    private static final Consumer<WireException> NO_FAULTS = fault -> {
        throw new AssertionError(fault);
    };
    private static final NonceSource UNUSED = nonce -> {
        throw new AssertionError("no nonce was needed");
    };
    private static final WireFormat PLAIN = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);

    static Stream<Vector> packets() {
        return Vectors.named(
                "ping",
                "ping-without-source",
                "indirectPing",
                "ackResp",
                "ackResp-nil",
                "nackResp",
                "suspect",
                "dead",
                "alive",
                "alive-ipv6")
                .stream();
    }

    static Stream<Vector> streams() {
        return Vectors.named("stream-pushPull", "stream-userMsg", "err", "ping", "ackResp").stream();
    }

    static Stream<Vector> compounds() {
        return Vectors.named("compound").stream();
    }

    static Stream<Vector> checksums() {
        return Vectors.named("hasCrc").stream();
    }

    static Stream<Vector> compressed() {
        return Vectors.named("compress").stream();
    }

    static Stream<Vector> encryptedPackets() {
        return Vectors.named("encrypted-packet-payload", "labelled-encrypted-packet").stream();
    }

    static Stream<Vector> encryptedStreams() {
        return Vectors.named("encrypted-stream-frame").stream();
    }

    @Test
    void everyVectorIsCovered() {
        Set<String> covered = Stream.of(
                        packets(),
                        streams(),
                        compounds(),
                        checksums(),
                        compressed(),
                        encryptedPackets(),
                        encryptedStreams())
                .flatMap(vectors -> vectors)
                .map(Vector::name)
                .collect(Collectors.toSet());

        assertThat(Vectors.all()).isNotEmpty().extracting(Vector::name).allMatch(covered::contains);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void packetMessage(Vector v) throws WireException {
        Message expected = Vectors.message(v);

        byte[] encoded = MessageCodec.encode(expected);
        PacketCodec codec = new PacketCodec(PLAIN, UNUSED);

        assertSame(MessageCodec.decode(v.bytes(), 0, v.bytes().length), expected);
        assertSame(codec.decode(v.bytes(), NO_FAULTS), List.of(expected));
        assertThat(codec.encode(List.of(encoded), Checksum.NONE)).isEqualTo(encoded);
        assertIsWritten(encoded, v);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamMessage(Vector v) throws WireException {
        Message expected = Vectors.message(v);
        StreamCodec codec = new StreamCodec(PLAIN, UNUSED);

        assertSame(decode(codec.requestDecoder(), v.bytes()), expected);
        assertSame(decode(codec.answerDecoder(), v.bytes()), expected);
        assertIsWritten(codec.encodeRequest(expected), v);
        assertIsWritten(codec.encodeAnswer(expected), v);
    }

    @ParameterizedTest
    @MethodSource("compounds")
    void compound(Vector v) throws WireException {
        List<byte[]> parts = new ArrayList<>();
        List<Message> expected = new ArrayList<>();
        for (JsonNode part : v.fields().path("parts")) {
            byte[] bytes = Vectors.hex(part);
            parts.add(bytes);
            expected.add(MessageCodec.decode(bytes, 0, bytes.length));
        }
        PacketCodec codec = new PacketCodec(PLAIN, UNUSED);

        assertSame(codec.decode(v.bytes(), NO_FAULTS), expected);
        assertThat(encoded(expected)).containsExactlyElementsOf(parts);
        if (parts.size() > 1) {
            // A message alone is sent as it is.
            assertThat(codec.encode(parts, Checksum.NONE)).isEqualTo(v.bytes());
        }
    }

    @ParameterizedTest
    @MethodSource("checksums")
    void checksum(Vector v) throws WireException {
        byte[] inner = v.hex("inner");
        PacketCodec codec = new PacketCodec(PLAIN, UNUSED);

        assertThat(unpacked(codec, v.bytes())).isEqualTo(inner);
        assertThat(codec.encode(List.of(inner), Checksum.CRC32)).isEqualTo(v.bytes());
    }

    /** The table and the clear codes are the same, so the bytes are the same as those of the Go library. */
    @ParameterizedTest
    @MethodSource("compressed")
    void compress(Vector v) throws WireException {
        byte[] plain = Base64.getDecoder().decode(v.text("plainBase64"));

        assertThat(Bytes.decompressed(v.bytes(), plain.length)).isEqualTo(plain);
        byte[] ours = Bytes.compressed(plain);
        assertThat(ours).isEqualTo(v.bytes());
        assertThat(Bytes.decompressed(ours, plain.length)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("encryptedPackets")
    void encryptedPacket(Vector v) throws WireException {
        byte[] plain = v.hex("plain");
        String label = v.text("label");
        boolean labelled = v.name().startsWith("labelled");
        int header = labelled ? labelled(label, new byte[0]).length : 0;
        int version = v.bytes()[header];
        byte[] nonce = Arrays.copyOfRange(v.bytes(), header + 1, header + 13);
        PacketCodec receiver = new PacketCodec(format(version, label, !labelled, v.hex("key")), UNUSED);

        assertThat(unpacked(receiver, v.bytes())).isEqualTo(plain);

        PacketCodec sender = new PacketCodec(format(version, label, false, v.hex("key")), fixed(nonce));
        byte[] sent = sender.encode(List.of(plain), Checksum.NONE);
        byte[] expected = labelled ? v.bytes() : labelled(label, v.bytes());
        assertThat(sent).isEqualTo(expected);
        assertThat(sent.length - plain.length).isLessThanOrEqualTo(sender.overhead(Checksum.NONE));
    }

    @ParameterizedTest
    @MethodSource("encryptedStreams")
    void encryptedStream(Vector v) throws WireException {
        String label = v.text("label");
        byte[] nonce = Arrays.copyOfRange(v.bytes(), 6, 18);
        StreamCodec codec = new StreamCodec(format(v.bytes()[5], label, false, v.hex("key")), fixed(nonce));

        Message message = decode(codec.answerDecoder(), v.bytes());
        assertThat(Bytes.onStream(message)).isEqualTo(v.hex("plain"));
        assertSame(decode(codec.requestDecoder(), labelled(label, v.bytes())), message);
        assertThat(codec.encodeAnswer(message)).isEqualTo(v.bytes());
        assertThat(codec.encodeRequest(message)).isEqualTo(labelled(label, v.bytes()));
    }

    private static Message decode(StreamDecoder decoder, byte[] bytes) throws WireException {
        assertThat(decoder.feed(bytes)).isTrue();
        assertThat(decoder.bufferedBytes()).isEqualTo(bytes.length);
        return decoder.decode();
    }

    private static WireFormat format(int version, String label, boolean skipLabelCheck, byte[] key) {
        return new WireFormat(
                Compression.NONE, version, label, skipLabelCheck, Keys.of(key), true, true, WireLimits.DEFAULT);
    }

    private static NonceSource fixed(byte[] nonce) {
        return target -> System.arraycopy(nonce, 0, target, 0, target.length);
    }

    private static byte[] labelled(String label, byte[] bytes) {
        byte[] header = new LabelHeader(
                        new WireFormat(Compression.NONE, 1, label, false, null, true, true, WireLimits.DEFAULT))
                .header();
        byte[] out = Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, out, header.length, bytes.length);
        return out;
    }

    /** Where the vector has an empty array that is not nil, or the reverse, the message is the same and the byte is not. */
    private static void assertIsWritten(byte[] encoded, Vector v) {
        if (!v.differsInNil()) {
            assertThat(encoded).isEqualTo(v.bytes());
        }
    }

    /** {@return the packet without what is around its messages} */
    private static byte[] unpacked(PacketCodec codec, byte[] packet) throws WireException {
        List<Message> messages = codec.decode(packet, NO_FAULTS);
        return new PacketCodec(PLAIN, UNUSED).encode(encoded(messages), Checksum.NONE);
    }

    private static List<byte[]> encoded(List<Message> messages) {
        return messages.stream().map(MessageCodec::encode).toList();
    }

    private static void assertSame(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }
}
