package io.memberlist.wire;

import java.util.Arrays;

/**
 * LZW as the protocol uses it: least significant bit first, 8-bit literals, codes of 9 to 12 bits, a clear code first
 * and again whenever the codes are used up.
 */
final class LzwEncoder {
    static final int CLEAR = 256;
    static final int END = 257;
    static final int FIRST_FREE = 258;
    static final int MIN_WIDTH = 9;
    static final int MAX_WIDTH = 12;
    /** The writer never gives out this last code: when it comes to it, it starts anew. */
    private static final int LAST_CODE = (1 << MAX_WIDTH) - 1;

    private static final int MIN_TABLE_BITS = 9;
    private static final int MAX_TABLE_BITS = 13;
    private static final int CODE_BITS = 12;

    /** The thread's table: packets are small and many, and a simulated cluster shares one thread. */
    private static final ThreadLocal<int[]> TABLES = ThreadLocal.withInitial(() -> new int[1 << MAX_TABLE_BITS]);

    /**
     * Open hashing over strings: the upper 20 bits of an entry are the string (the code of all but its last byte, and
     * that byte), the lower 12 its own code. Free codes start at 258, so that no entry is 0.
     */
    private final int[] table = TABLES.get();

    private final int tableBits;
    private final byte[] out;
    private int size;
    private int bits;
    private int bitCount;
    private int width;
    private int next;

    private LzwEncoder(int length) {
        // at worst every byte gets a code of 12 bits, and every table's worth a clear code
        this.out = new byte[(int) Math.min(Integer.MAX_VALUE - 8, length * 3L / 2 + length / 1024 + 16)];
        // less than half full; a small message need not wipe a large table
        this.tableBits = Math.max(MIN_TABLE_BITS, Math.min(MAX_TABLE_BITS, 33 - Integer.numberOfLeadingZeros(length)));
    }

    static byte[] encode(byte[] in) {
        LzwEncoder encoder = new LzwEncoder(in.length);
        encoder.run(in);
        return Arrays.copyOf(encoder.out, encoder.size);
    }

    private void run(byte[] in) {
        int mask = (1 << tableBits) - 1;
        reset();
        write(CLEAR);
        if (in.length > 0) {
            int code = in[0] & 0xff;
            for (int i = 1; i < in.length; i++) {
                int literal = in[i] & 0xff;
                int key = code << 8 | literal;
                int slot = key * 0x9e3779b1 >>> 32 - tableBits;
                while (table[slot] != 0 && table[slot] >>> CODE_BITS != key) {
                    slot = slot + 1 & mask;
                }
                if (table[slot] != 0) {
                    code = table[slot] & LAST_CODE;
                    continue;
                }
                write(code);
                code = literal;
                int claimed = claim();
                if (claimed != LAST_CODE) {
                    table[slot] = key << CODE_BITS | claimed;
                }
            }
            write(code);
            claim();
        }
        write(END);
        if (bitCount > 0) {
            out[size++] = (byte) bits;
        }
    }

    /** {@return the next free code}; the last one is never used, the table is cleared instead. */
    private int claim() {
        int claimed = next++;
        if (claimed == 1 << width) {
            width++;
        }
        if (claimed == LAST_CODE) {
            write(CLEAR);
            reset();
        }
        return claimed;
    }

    private void reset() {
        Arrays.fill(table, 0, 1 << tableBits, 0);
        width = MIN_WIDTH;
        next = FIRST_FREE;
    }

    private void write(int code) {
        bits |= code << bitCount;
        bitCount += width;
        while (bitCount >= 8) {
            out[size++] = (byte) bits;
            bits >>>= 8;
            bitCount -= 8;
        }
    }
}
