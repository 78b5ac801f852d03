package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCodecTest {
    private static final byte[] KEY = Keys.key(24, 3);
    private static final WireLimits SMALL = new WireLimits(1000, 1000, 10, 2000, 1000);

    private final Random random = new Random(2);

    @ParameterizedTest
    @CsvSource({
        "NONE, '', none",
        "LZW, '', none",
        "LZW, abc, none",
        "LZW, abc, 1",
        "NONE, abc, 0",
        "NONE, '', 1",
        "SNAPPY, '', none",
        "SNAPPY, abc, none",
        "SNAPPY, abc, 1",
        "SNAPPY, '', 0"
    })
    void whatIsSentArrivesInPiecesOfAnySize(Compression compression, String label, String encryption)
            throws WireException {
        boolean encrypted = !encryption.equals("none");
        StreamCodec codec = codec(new WireFormat(
                compression,
                encrypted ? Integer.parseInt(encryption) : 1,
                label,
                false,
                encrypted ? Keys.of(KEY) : null,
                true,
                true,
                WireLimits.DEFAULT));

        for (Message message : List.of(
                new Ping(1, "a", null),
                new Ack(2, new byte[0]),
                new ErrorMessage("no"),
                new UserMessage(new byte[70_000]),
                new UserMessage(new byte[0]),
                state(0, 0),
                state(300, 40_000))) {
            byte[] request = codec.encodeRequest(message);
            byte[] answer = codec.encodeAnswer(message);
            assertThat(request.length).isEqualTo(answer.length + (label.isEmpty() ? 0 : 2 + label.length()));
            for (int piece : new int[] {1, 2, 3, 1000, Integer.MAX_VALUE}) {
                assertSame(feed(codec.requestDecoder(), request, piece), message);
                assertSame(feed(codec.answerDecoder(), answer, piece), message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void streamsAreAlwaysCompressed(Compression compression) {
        byte[] bytes = codec(WireFormat.plain(compression, WireLimits.DEFAULT)).encodeRequest(new Ping(1, "a", null));
        assertThat(bytes[0]).isEqualTo((byte) MessageType.COMPRESS);
    }

    @Test
    void bytesBehindTheMessageAreIgnored() throws WireException {
        StreamCodec codec = plain(WireLimits.DEFAULT);
        byte[] message = codec.encodeRequest(new UserMessage(new byte[] {1, 2}));
        StreamDecoder decoder = codec.requestDecoder();

        assertThat(decoder.feed(Arrays.copyOf(message, message.length + 9))).isTrue();
        assertThat(decoder.feed(new byte[9])).isTrue();
        assertThat(decoder.bufferedBytes()).isEqualTo(message.length);
        assertSame(decoder.decode(), new UserMessage(new byte[] {1, 2}));
    }

    @Test
    void nothingIsDecodedBeforeItIsWhole() throws WireException {
        StreamDecoder decoder = plain(WireLimits.DEFAULT).requestDecoder();
        assertThat(decoder.feed(new byte[0])).isFalse();
        assertThat(decoder.feed(new byte[] {0})).isFalse();
        assertThatThrownBy(decoder::decode).isInstanceOf(IllegalStateException.class);
        assertThat(decoder.bufferedBytes()).isEqualTo(1);
    }

    /** The header alone is enough: the announced bytes are not waited for. */
    @ParameterizedTest
    @CsvSource({
        "0681 a54e6f646573 0b, number of nodes in header (11) exceeds limit",
        "0681 a54e6f646573 ff, number of nodes in header (-1) exceeds limit",
        "0681 a54e6f646573 cf0000010000000000, number of nodes in header (1099511627776) exceeds limit",
        "0681 ac5573657253746174654c656e d103e9, user state length (1001) exceeds limit",
        "0681 ac5573657253746174654c656e d3ffffffffffffffff, user state length (-1) exceeds limit",
        "0881 aa557365724d73674c656e cd03e9, user message length (1001) exceeds limit",
        "0882 a158 db7fffffff, exceeds limit (65537)",
        "0981 a3427566 dbffffffff, exceeds limit",
        "0081 a158 dd7fffffff, values",
        "00 df7fffffff, values"
    })
    void refusesAnnouncedSizesAtOnce(String hex, String text) {
        StreamDecoder decoder = plain(SMALL).requestDecoder();
        assertThatThrownBy(() -> decoder.feed(Vectors.hex(hex)))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .hasMessageContaining(text);
    }

    @Test
    void refusesALargeEncryptedFrameAtOnce() {
        StreamDecoder decoder = codec(encrypted(true, true, SMALL)).requestDecoder();
        assertThatThrownBy(() -> decoder.feed(Vectors.hex("0a ffffffff")))
                .isInstanceOf(WireException.class)
                .hasMessage("remote node state is larger than limit (1000): 4294967295 bytes");
    }

    /** Empty maps cost the sender a byte each, so their sum is bounded as well. */
    @Test
    void boundsWhatTheMapsHaveTogether() throws WireException {
        StreamDecoder decoder = plain(SMALL).requestDecoder();
        decoder.feed(Vectors.hex("0681 a54e6f646573 0a"));
        byte[] node = Vectors.hex("81 a158 da01f4" + "00".repeat(500));
        for (int i = 0; i < 3; i++) {
            assertThat(decoder.feed(node)).isFalse();
        }
        assertThatThrownBy(() -> decoder.feed(node)).isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "03", "04", "05", "07", "0b", "0c", "0e", "ff"})
    void refusesWhatDoesNotTravelOnStreams(String type) {
        assertThatThrownBy(() -> plain(SMALL).requestDecoder().feed(Vectors.hex(type)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("not supported on a stream");
        byte[] packed = Bytes.compressed(Vectors.hex(type + "80"));
        assertThatThrownBy(() -> feed(plain(SMALL).requestDecoder(), packed, 10))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("not supported on a stream");
    }

    @ParameterizedTest
    @CsvSource({
        "485454502f312e31203430300d0a, HTTP",
        "474554202f20485454502f312e31, HTTP",
        "504f5354202f, HTTP",
        "160301, TLS",
        "150303, TLS"
    })
    void saysWhichOtherProtocolSomebodySpeaks(String beginning, String protocol) {
        byte[] bytes = Vectors.hex(beginning);
        for (StreamCodec codec :
                List.of(plain(SMALL), codec(labelled("blue", false)), codec(encrypted(true, true, SMALL)))) {
            for (StreamDecoder decoder : List.of(codec.requestDecoder(), codec.answerDecoder())) {
                assertThatThrownBy(() -> decoder.feed(bytes))
                        .isInstanceOf(WireException.class)
                        .hasMessageContaining("message type (" + bytes[0] + ")")
                        .hasMessageContaining("speaks " + protocol + " and is no member");
            }
        }
    }

    @Test
    void eachWrapperComesOnce() {
        byte[] twice = Bytes.compressed(Bytes.compressed(MessageCodec.encode(new Nack(1))));
        assertThatThrownBy(() -> feed(plain(SMALL).requestDecoder(), twice, 10))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("(9)");
    }

    @Test
    void truncatedWithinCompressionIsTold() {
        byte[] cut = Bytes.compressed(Vectors.hex("0881 aa557365724d73674c656e 05 0102"));
        assertThatThrownBy(() -> feed(plain(SMALL).requestDecoder(), cut, 10))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
        assertThatThrownBy(() -> feed(plain(SMALL).requestDecoder(), Bytes.compressed(new byte[0]), 10))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("missing message type byte");
    }

    @Test
    void saysWhichSideIsNotEncrypted() throws WireException {
        StreamCodec secret = codec(encrypted(true, true, WireLimits.DEFAULT));
        StreamCodec lenient = codec(encrypted(false, true, WireLimits.DEFAULT));
        StreamCodec open = plain(WireLimits.DEFAULT);
        Ping ping = new Ping(1, "a", null);

        assertThatThrownBy(() -> secret.requestDecoder().feed(open.encodeRequest(ping)))
                .isInstanceOf(WireException.class)
                .hasMessage("encryption is configured but remote state is not encrypted");
        assertThatThrownBy(() -> open.requestDecoder().feed(secret.encodeRequest(ping)))
                .isInstanceOf(WireException.class)
                .hasMessage("remote state is encrypted and encryption is not configured");
        assertSame(feed(lenient.requestDecoder(), open.encodeRequest(ping), 5), ping);
        assertSame(feed(lenient.requestDecoder(), secret.encodeRequest(ping), 5), ping);
        assertThat(codec(encrypted(true, false, WireLimits.DEFAULT)).encodeRequest(ping))
                .isEqualTo(open.encodeRequest(ping));
    }

    @Test
    void theFrameHeaderIsAuthenticated() throws WireException {
        StreamCodec codec = codec(encrypted(true, true, WireLimits.DEFAULT));
        byte[] bytes = codec.encodeRequest(new Ping(1, "a", null));
        bytes[4]--;
        StreamDecoder decoder = codec.requestDecoder();
        assertThat(decoder.feed(bytes)).isTrue();
        assertThatThrownBy(decoder::decode)
                .isInstanceOf(WireException.class)
                .hasMessage("no installed keys could decrypt the message");
    }

    @Test
    void labelsMustMatch() throws WireException {
        StreamCodec blue = codec(labelled("blue", false));
        StreamCodec stripped = codec(labelled("blue", true));
        Ping ping = new Ping(1, "a", null);
        byte[] request = blue.encodeRequest(ping);
        byte[] bare = blue.encodeAnswer(ping);

        assertSame(feed(blue.requestDecoder(), request, 1), ping);
        assertSame(feed(stripped.requestDecoder(), bare, 1), ping);
        for (StreamDecoder decoder : List.of(
                plain(SMALL).requestDecoder(),
                codec(labelled("green", false)).requestDecoder(),
                stripped.requestDecoder())) {
            assertThatThrownBy(() -> feed(decoder, request, 1))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LABEL));
        }
        assertThatThrownBy(() -> blue.requestDecoder().feed(bare))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LABEL));
        assertThatThrownBy(() -> blue.answerDecoder().feed(request)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> blue.requestDecoder().feed(new byte[] {(byte) 244, 0}))
                .hasMessage("label header cannot be empty when present");
    }

    @Test
    void refusesToSendWhatNobodyWouldRead() {
        StreamCodec codec = plain(SMALL);
        assertThatThrownBy(() -> codec.encodeRequest(new UserMessage(new byte[1001])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user message has 1001 bytes and exceeds limit (1000)");
        assertThatThrownBy(() -> codec.encodeAnswer(new PushPull(false, List.of(), new byte[1001])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user state");
        assertThatThrownBy(() -> codec(encrypted(true, true, SMALL)).encodeRequest(new UserMessage(new byte[1000])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("encrypted message");
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void compressesWhatFitsInNoOtherWayAlthoughItIsAskedNotTo(Compression compression) throws WireException {
        UserMessage zeros = new UserMessage(new byte[1000]);
        StreamCodec codec = codec(new WireFormat(compression, 1, "", false, Keys.of(KEY), true, true, SMALL));

        byte[] request = codec.encodeUncompressedRequest(zeros);

        assertThat(request.length).isLessThan(500);
        assertSame(feed(codec.requestDecoder(), request, 100), zeros);
    }

    private PushPull state(int nodes, int userState) {
        byte[] state = new byte[userState];
        random.nextBytes(state);
        return new PushPull(
                true,
                IntStream.range(0, nodes)
                        .mapToObj(i -> new PushPullNode(
                                "node-" + i, new byte[] {10, 0, 0, 1}, 7946, new byte[i], i, i % 4, new byte[6]))
                        .toList(),
                state);
    }

    private static Message feed(StreamDecoder decoder, byte[] bytes, int piece) throws WireException {
        int at = 0;
        boolean whole = false;
        while (at < bytes.length && !whole) {
            int end = Math.min(bytes.length, at + Math.min(piece, bytes.length));
            whole = decoder.feed(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        assertThat(at).isEqualTo(bytes.length);
        assertThat(whole).isTrue();
        return decoder.decode();
    }

    private StreamCodec codec(WireFormat format) {
        return new StreamCodec(format, random::nextBytes);
    }

    private StreamCodec plain(WireLimits limits) {
        return codec(WireFormat.plain(Compression.NONE, limits));
    }

    private static WireFormat encrypted(boolean in, boolean out, WireLimits limits) {
        return new WireFormat(Compression.NONE, 1, "", false, Keys.of(KEY), in, out, limits);
    }

    private static WireFormat labelled(String label, boolean skipCheck) {
        return new WireFormat(Compression.NONE, 1, label, skipCheck, null, true, true, WireLimits.DEFAULT);
    }

    private static void assertSame(Message actual, Message expected) {
        // as bytes: comparing field by field takes minutes for large arrays
        assertThat(actual).hasSameClassAs(expected);
        assertThat(Bytes.onStream(actual)).isEqualTo(Bytes.onStream(expected));
    }
}
