package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.WireException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzwTest {
    /** The sizes lie around the steps of the code width and the end of the table, where the two sides must agree. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 254, 255, 256, 257, 511, 767, 768, 1791, 3836, 3837, 3838, 3839, 3840, 7680, 100_000})
    void whatIsPackedUnpacks(int size) throws WireException {
        Random random = new Random(size);
        for (int symbols : new int[] {1, 2, 17, 256}) {
            byte[] plain = new byte[size];
            for (int i = 0; i < size; i++) {
                plain[i] = (byte) random.nextInt(symbols);
            }
            assertThat(Bytes.unpacked(Bytes.packed(plain), size))
                    .as("%d symbols", symbols)
                    .isEqualTo(plain);
        }
    }

    /** The table of one message must not affect the next one. */
    @Test
    void messagesDoNotInfluenceEachOther() {
        byte[] message = "the same text, the same codes".getBytes(StandardCharsets.UTF_8);
        byte[] first = Bytes.packed(message);
        Bytes.packed(new byte[50_000]);
        Bytes.packed("the same text".getBytes(StandardCharsets.UTF_8));

        assertThat(Bytes.packed(message)).isEqualTo(first);
    }

    @Test
    void stopsAtTheLimit() throws WireException {
        byte[] bomb = Bytes.packed(new byte[5_000_000]);
        assertThat(bomb.length).isLessThan(20_000);

        assertThat(Bytes.unpacked(bomb, 5_000_000)).hasSize(5_000_000);
        assertFails(bomb, 4_999_999, Reason.TOO_LARGE, "limit (4999999)");
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] whole = Bytes.packed("hello, hello, hello".getBytes(StandardCharsets.UTF_8));
        for (int size = 0; size < whole.length - 1; size++) {
            assertFails(Arrays.copyOf(whole, size), 100, Reason.COMPRESSION, "unexpected end");
        }
    }

    /** Codes are 9 bits here: clear, then one that nothing has defined yet. */
    @Test
    void refusesCodesThatAreNotDefined() {
        assertFails(codes(256, 258), 100, Reason.COMPRESSION, "invalid code 258");
        assertFails(codes(258), 100, Reason.COMPRESSION, "invalid code 258");
        assertFails(codes(256, 97, 259), 100, Reason.COMPRESSION, "invalid code 259");
        assertFails(codes(256, 97, 98, 256, 97, 259), 100, Reason.COMPRESSION, "invalid code 259");
    }

    @Test
    void readsTheCodeThatIsDefinedByItself() throws WireException {
        assertThat(Bytes.unpacked(codes(256, 97, 258, 257), 100)).asString().isEqualTo("aaa");
    }

    /** Other writers may omit the first clear code, which Go's reader allows. */
    @Test
    void readsWithoutAFirstClearCode() throws WireException {
        assertThat(Bytes.unpacked(codes(97, 98, 257), 100)).asString().isEqualTo("ab");
    }

    /** A writer that never clears: the full table stays as it is. */
    @Test
    void readsOnWithAFullTable() throws WireException {
        int count = 5000;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long bits = 0;
        int bitCount = 0;
        int width = 9;
        int next = 257;
        for (int i = 0; i <= count; i++) {
            bits |= (long) (i == count ? 257 : 'x') << bitCount;
            bitCount += width;
            next = Math.min(next + 1, 4096);
            width = next == 1 << width && width < 12 ? width + 1 : width;
            while (bitCount >= 8 || i == count && bitCount > 0) {
                out.write((int) bits);
                bits >>>= 8;
                bitCount -= 8;
            }
        }
        byte[] expected = new byte[count];
        Arrays.fill(expected, (byte) 'x');

        assertThat(Bytes.unpacked(out.toByteArray(), count)).isEqualTo(expected);
    }

    private static byte[] codes(int... codes) {
        byte[] out = new byte[codes.length * 9 / 8 + 1];
        for (int i = 0; i < codes.length * 9; i++) {
            out[i / 8] |= (byte) ((codes[i / 9] >> i % 9 & 1) << i % 8);
        }
        return out;
    }

    private static void assertFails(byte[] bytes, int maxSize, Reason reason, String text) {
        assertThatThrownBy(() -> Bytes.unpacked(bytes, maxSize))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(text);
    }
}
