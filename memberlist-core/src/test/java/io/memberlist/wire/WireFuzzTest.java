package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.wire.Vectors.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged bytes of every kind cause a WireException and nothing else. */
class WireFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final WireLimits LIMITS = new WireLimits(100_000, 100_000, 1000, 200_000, 100_000);

    private final Random random = new Random(20_260_101);
    private final List<byte[]> seeds = seeds();
    private final Keys keys = Keys.of(Keys.key(16, 1), Keys.key(32, 2));
    private final WireFormat plain = WireFormat.plain(Compression.LZW, LIMITS);
    private final WireFormat secret = new WireFormat(Compression.LZW, 1, "", false, keys, true, true, LIMITS);
    private final WireFormat lenient = new WireFormat(Compression.LZW, 0, "", false, keys, false, true, LIMITS);

    @Test
    void packets() {
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())));
            PacketCodec codec = new PacketCodec(round % 2 == 0 ? plain : lenient, random::nextBytes);
            try {
                for (Message message :
                        codec.decode(bytes, fault -> assertThat(fault).isNotNull())) {
                    // a decoded message can be encoded
                    assertThat(MessageCodec.encode(message)).isNotEmpty();
                    read++;
                }
            } catch (WireException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (RuntimeException | Error e) {
                throw new AssertionError(HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(read).isGreaterThan(ROUNDS / 10);
    }

    /** Damage inside of the encryption, as by a member with the key. */
    @Test
    void encryptedPackets() {
        int read = 0;
        PacketCodec codec = new PacketCodec(secret, random::nextBytes);
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())));
            try {
                read += codec.decode(
                                codec.encode(List.of(bytes), round % 2 == 0 ? Checksum.CRC32 : Checksum.NONE),
                                fault -> {})
                        .size();
            } catch (WireException e) {
                assertThat(e.reason()).isNotEqualTo(WireException.Reason.DECRYPT);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(read).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void streams() {
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())));
            WireFormat format = round % 3 == 0 ? secret : round % 3 == 1 ? lenient : plain;
            StreamDecoder decoder = new StreamCodec(format, random::nextBytes).requestDecoder();
            try {
                if (feedInPieces(decoder, bytes)) {
                    assertThat(Bytes.onStream(decoder.decode())).isNotEmpty();
                    read++;
                }
            } catch (WireException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (RuntimeException | Error e) {
                throw new AssertionError(HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(read).isGreaterThan(ROUNDS / 50);
    }

    /** The scanner and the reader of whole messages must agree on where a message ends and what is acceptable. */
    @Test
    void piecesMakeNoDifference() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())));
            StreamCodec codec = new StreamCodec(plain, random::nextBytes);
            assertThat(outcome(codec.answerDecoder(), bytes, true))
                    .as(() -> HexFormat.of().formatHex(bytes))
                    .isEqualTo(outcome(codec.answerDecoder(), bytes, false));
        }
    }

    private String outcome(StreamDecoder decoder, byte[] bytes, boolean pieces) {
        try {
            boolean whole = pieces ? feedInPieces(decoder, bytes) : decoder.feed(bytes);
            return whole ? HexFormat.of().formatHex(Bytes.onStream(decoder.decode())) : "incomplete";
        } catch (WireException e) {
            return e.reason() + ": " + e.getMessage();
        }
    }

    private boolean feedInPieces(StreamDecoder decoder, byte[] bytes) throws WireException {
        int at = 0;
        while (at < bytes.length) {
            int piece = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
            if (decoder.feed(Arrays.copyOfRange(bytes, at, at + piece))) {
                return true;
            }
            at += piece;
        }
        return false;
    }

    private byte[] damaged(byte[] seed) {
        byte[] bytes = seed.clone();
        for (int hits = random.nextInt(4); hits > 0 && bytes.length > 0; hits--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(20, bytes.length) : bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes[at] = (byte) (0xc0 + random.nextInt(0x20));
                default -> bytes = joined(Arrays.copyOf(bytes, at), seeds.get(random.nextInt(seeds.size())));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    /** The vectors, and wrappers that the vectors do not have. */
    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Vector v : Vectors.all()) {
            if (v.bytes().length < 3000) {
                seeds.add(v.bytes());
                seeds.add(Bytes.compressed(v.bytes()));
                seeds.add(Bytes.compressed(Compression.SNAPPY, v.bytes()));
            }
        }
        int vectors = seeds.size();
        for (Compression compression : List.of(Compression.LZW, Compression.SNAPPY)) {
            PacketCodec codec = new PacketCodec(WireFormat.plain(compression, LIMITS), nonce -> {});
            for (int i = 0; i < 20; i++) {
                int from = i % vectors;
                seeds.add(codec.encode(List.copyOf(seeds.subList(from, Math.min(vectors, from + 9))), Checksum.CRC32));
            }
        }
        return seeds;
    }
}
