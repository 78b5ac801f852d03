package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.WireException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

/** Our encoder and decoder, each by itself and beside snappy-java, which calls the C++ library of Snappy's authors. */
class SnappyTest {
    private static final int MAX = 1_000_000;

    /** The sizes lie around the lengths of literals that take another byte, and around the bounds of blocks. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 59, 60, 61, 62, 63, 64, 65, 127, 128, 255, 256, 257, 258,
                1400, 16_383, 16_384, 65_534, 65_535, 65_536, 65_537, 65_540, 65_541, 131_071, 131_072, 131_073, 300_000
            })
    void whatIsPackedUnpacks(int size) throws Exception {
        Random random = new Random(size);
        for (int symbols : new int[] {1, 2, 17, 256}) {
            byte[] plain = new byte[size];
            for (int i = 0; i < size; i++) {
                plain[i] = (byte) random.nextInt(symbols);
            }
            assertTravels(plain);
        }
        byte[] halves = new byte[size];
        random.nextBytes(halves);
        System.arraycopy(halves, 0, halves, size - size / 2, size / 2);
        assertTravels(halves);
    }

    /** Literals and copies of every length, from every distance, with what overlaps among them. */
    @Test
    void literalsAndCopiesOfEachLengthTravel() throws Exception {
        Random random = new Random(1);
        for (int literal = 1; literal <= 300; literal++) {
            byte[] plain = new byte[literal + 4 + random.nextInt(150) + 5];
            random.nextBytes(plain);
            int distance = 1 + random.nextInt(literal);
            for (int i = literal; i < plain.length - 5; i++) {
                plain[i] = plain[i - distance];
            }
            assertTravels(plain);
        }
        for (int distance : new int[] {1, 2, 2046, 2047, 2048, 2049, 65_534, 65_535, 65_536, 65_537}) {
            byte[] plain = new byte[distance + 100];
            random.nextBytes(plain);
            System.arraycopy(plain, 0, plain, distance, 100);
            assertTravels(plain);
        }
    }

    private static void assertTravels(byte[] plain) throws Exception {
        byte[] packed = packed(plain);
        assertThat(packed.length).isLessThanOrEqualTo(32 + plain.length + plain.length / 6);
        assertThat(unpacked(packed, plain.length)).isEqualTo(plain);
        assertThat(Snappy.uncompress(packed)).isEqualTo(plain);
        assertThat(unpacked(Snappy.compress(plain), plain.length)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        // the length; a literal of one; a copy of 19 from one before
        "aaaaaaaaaaaaaaaaaaaa, 14 0061 4a0100",
        // a copy of eight takes two bytes
        "abcdabcdabcd, 0c 0c61626364 1104",
        // 69: not 64 and one, which no short copy can be
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, 46 0061 fe0100 0501",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, 42 0061 f20100 0101",
        "abc, 03 08616263"
    })
    void theFormIsTheShortestThatThereIs(String text, String hex) throws Exception {
        byte[] packed = packed(text.getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(packed)).isEqualTo(hex.replace(" ", ""));
        assertThat(Snappy.uncompress(packed))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(text);
    }

    /** What a block has written to the table must not affect the next one, nor a message the next. */
    @Test
    void messagesDoNotInfluenceEachOther() {
        byte[] message = "the same text, the same copies of the same text".getBytes(StandardCharsets.UTF_8);
        byte[] first = packed(message);
        packed(new byte[500_000]);
        packed("the same text, the same".getBytes(StandardCharsets.UTF_8));

        assertThat(packed(message)).isEqualTo(first);
    }

    @Test
    void packsWhatRepeats() {
        assertThat(packed(new byte[5_000_000]).length).isLessThan(5_000_000 / 20);
        byte[] random = new byte[100_000];
        new Random(2).nextBytes(random);
        assertThat(packed(random).length).isLessThan(100_000 + 20);
    }

    /** Forms that our encoder does not write: each literal with more length than it needs, and copies with far offsets. */
    @ParameterizedTest
    @CsvSource({
        "03 08616263, abc",
        "03 f002616263, abc",
        "03 f40200616263, abc",
        "03 f8020000616263, abc",
        "03 fc02000000616263, abc",
        "03 0061 0062 0063, abc",
        "8300 08616263, abc",
        "8380808000 08616263, abc",
        "07 08616263 0103, abcabca",
        "04 08616263 020300, abca",
        "06 08616263 0a0300, abcabc",
        "04 08616263 0303000000, abca",
        "0a 08616263 1b03000000, abcabcabca",
        "07 08787879 0e0100, xxyyyyy",
        "07 08787879 0502, xxyxyxyx",
        "09 08787879 0e0200 0101, xxyxyxyyyyy"
    })
    void readsWhatOthersMayWrite(String hex, String text) throws Exception {
        byte[] block = Vectors.hex(hex);
        block[0] = (byte) (block[0] & 0x80 | text.length());

        assertThat(unpacked(block, 100)).asString(StandardCharsets.US_ASCII).isEqualTo(text);
        assertThat(Snappy.uncompress(block)).asString(StandardCharsets.US_ASCII).isEqualTo(text);
    }

    @Test
    void copiesReachBehindABlock() throws Exception {
        byte[] far = new byte[100_000];
        new Random(3).nextBytes(far);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(Vectors.hex("e08d06 f89f8601"));
        block.writeBytes(far);
        // 64 from 100 000 before
        block.writeBytes(Vectors.hex("ffa0860100"));

        byte[] plain = unpacked(withLength(block.toByteArray(), 100_064, 3), MAX);
        assertThat(plain).startsWith(far).endsWith(Arrays.copyOf(far, 64)).hasSize(100_064);
    }

    private static byte[] withLength(byte[] block, int length, int bytes) {
        for (int i = 0; i < bytes; i++) {
            block[i] = (byte) (length >>> 7 * i & 0x7f | (i < bytes - 1 ? 0x80 : 0));
        }
        return block;
    }

    @ParameterizedTest
    @CsvSource({
        "'', unexpected end",
        "80, unexpected end",
        "808080808000, a length of more than 5 bytes",
        "ffffffff1f, a length of more than 32 bits",
        "05, '0 bytes, where 5 are announced'",
        "01 00, unexpected end",
        "01 f0, unexpected end",
        "01 f400, unexpected end",
        "01 f80000, unexpected end",
        "01 fc000000, unexpected end",
        "01 fcffffffff00, unexpected end",
        "01 fcffffff7f00, unexpected end",
        "05 0061 01, unexpected end",
        "05 0061 0201, unexpected end",
        "05 0061 03010000, unexpected end",
        "05 0101, 'a copy from 1 bytes before, where there are 0'",
        "05 0061 0100, a copy from 0 bytes before",
        "05 0061 0102, 'a copy from 2 bytes before, where there are 1'",
        "05 0061 020200, a copy from 2 bytes before",
        "05 0061 0302000000, a copy from 2 bytes before",
        "05 0061 03ffffffff, a copy from 4294967295 bytes before",
        "05 0061 0301000080, a copy from 2147483649 bytes before",
        "04 0061 0101, more than the announced 4 bytes",
        "01 0461 62, more than the announced 1 bytes",
        "00 0061, more than the announced 0 bytes",
        "06 0061 0101, '5 bytes, where 6 are announced'"
    })
    void refusesWhatNoEncoderWrites(String hex, String text) {
        assertThatThrownBy(() -> unpacked(Vectors.hex(hex), 100))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.COMPRESSION))
                .hasMessageContaining(text);
    }

    @Test
    void stopsAtTheLimit() throws WireException {
        byte[] bomb = packed(new byte[5_000_000]);

        assertThat(unpacked(bomb, 5_000_000)).hasSize(5_000_000);
        for (byte[] tooLarge : new byte[][] {bomb, Vectors.hex("c096b102"), Vectors.hex("ffffffff0f")}) {
            assertThatThrownBy(() -> unpacked(tooLarge, 4_999_999))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                    .hasMessageContaining("limit (4999999)");
        }
    }

    /** Whoever announces much, and sends little, makes nobody hold much. */
    @ParameterizedTest
    @ValueSource(strings = {"80808010", "80808010 0061", "80808010 0061 0301000000", "80808010 0061 fe0100 fe0100"})
    void makesNoRoomForWhatIsOnlyAnnounced(String hex) {
        byte[] block = Vectors.hex(hex);
        Buffer out = new Buffer(0);

        assertThatThrownBy(() -> SnappyDecoder.decode(block, 0, block.length, out, 40 * 1024 * 1024))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("where 33554432 are announced");
        assertThat(out.bytes.length).isLessThan(300);
    }

    /** A buffer may hold what belongs to somebody else, before and behind what is written. */
    @Test
    void readsNothingThatItHasNotWritten() throws WireException {
        Buffer out = new Buffer(Arrays.copyOf("what others wrote".getBytes(StandardCharsets.US_ASCII), 100));
        out.size = 17;
        byte[] good = Vectors.hex("05 0061 0101");
        byte[] bad = Vectors.hex("05 0061 0102");

        SnappyDecoder.decode(good, 0, good.length, out, 5);
        assertThat(out.toBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("what others wroteaaaaa");
        assertThatThrownBy(() -> SnappyDecoder.decode(bad, 0, bad.length, out, 5))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("where there are 1");
    }

    static Stream<byte[]> blocks() throws IOException {
        byte[] text = "to be, or not to be, that is the question: whether 'tis nobler in the mind to suffer "
                .repeat(3)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] random = new byte[300];
        new Random(4).nextBytes(random);
        byte[] mixed = Arrays.copyOf(random, 3000);
        System.arraycopy(text, 0, mixed, 2700, text.length);
        return Stream.of(
                packed(new byte[0]),
                packed(new byte[1]),
                packed(new byte[400]),
                packed(text),
                packed(random),
                packed(mixed),
                Snappy.compress(text),
                Snappy.compress(mixed));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void noTruncationIsRead(byte[] block) {
        for (int size = 0; size < block.length; size++) {
            byte[] cut = Arrays.copyOf(block, size);
            assertThat(outcome(cut, MAX))
                    .as("%d of %d bytes", size, block.length)
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void eachFlippedBitIsReadAsTheLibraryReadsIt(byte[] block) {
        for (int bit = 0; bit < Byte.SIZE * block.length; bit++) {
            byte[] flipped = block.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertReadAsTheLibraryDoes(flipped);
        }
    }

    @Test
    void anyBytesAreReadAsTheLibraryReadsThem() throws IOException {
        Random random = new Random(5);
        byte[][] blocks = blocks().toArray(byte[][]::new);
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] block = blocks[random.nextInt(blocks.length)].clone();
            for (int hits = random.nextInt(4); hits > 0; hits--) {
                int at = random.nextInt(random.nextBoolean() ? Math.min(10, block.length) : block.length);
                block[at] = (byte) random.nextInt(256);
            }
            read += assertReadAsTheLibraryDoes(block) ? 1 : 0;
        }
        assertThat(read).isBetween(10_000, 49_000);
    }

    /** {@return whether it was read} */
    private static boolean assertReadAsTheLibraryDoes(byte[] block) {
        byte[] ours = outcome(block, 10_000);
        byte[] theirs;
        try {
            // it makes room for whatever is announced
            theirs = Snappy.uncompressedLength(block) > 10_000 ? null : Snappy.uncompress(block);
        } catch (IOException e) {
            theirs = null;
        }
        assertThat(ours).as(() -> HexFormat.of().formatHex(block)).isEqualTo(theirs);
        return ours != null;
    }

    /** {@return the bytes, or null where they are refused} */
    private static byte @Nullable [] outcome(byte[] block, int maxSize) {
        try {
            byte[] plain = unpacked(block, maxSize);
            assertThat(plain.length).isLessThanOrEqualTo(maxSize);
            return plain;
        } catch (WireException e) {
            assertThat(e.reason()).isIn(Reason.COMPRESSION, Reason.TOO_LARGE);
            return null;
        }
    }

    private static byte[] packed(byte[] plain) {
        Buffer out = new Buffer(0);
        SnappyEncoder.encode(plain, 0, plain.length, out);
        return out.toBytes();
    }

    private static byte[] unpacked(byte[] block, int maxSize) throws WireException {
        Buffer out = new Buffer(0);
        SnappyDecoder.decode(block, 0, block.length, out, maxSize);
        return out.toBytes();
    }
}
