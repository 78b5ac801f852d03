package io.memberlist.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

    /** Reads and writes four bytes at once. */
    static final VarHandle LITTLE_ENDIAN = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** More than what waits in the bits needs. */
    private static final int ROOM = 16;

    private static final int MIN_TABLE_BITS = 9;
    private static final int MAX_TABLE_BITS = 13;
    private static final int CODE_BITS = 12;

    /** The thread's table: packets are small and many, and a simulated cluster shares one thread. */
    private static final ThreadLocal<int[]> TABLES = ThreadLocal.withInitial(() -> new int[1 << MAX_TABLE_BITS]);

    private LzwEncoder() {}

    /**
     * Appends the packed bytes.
     *
     * <p>All of it is one loop over local variables: this is what most of the time of a full state exchange goes into.
     *
     * <p>The table is open hashing over strings: the upper 20 bits of an entry are the string (the code of all but its
     * last byte, and that byte), the lower 12 its own code. Free codes start at 258, so that no entry is 0.
     */
    static void encode(byte[] in, int from, int to, Buffer target) {
        int length = to - from;
        // less than half full; a small message need not wipe a large table
        int tableBits = Math.max(MIN_TABLE_BITS, Math.min(MAX_TABLE_BITS, 33 - Integer.numberOfLeadingZeros(length)));
        int shift = 32 - tableBits;
        int mask = (1 << tableBits) - 1;
        int[] table = TABLES.get();
        Arrays.fill(table, 0, mask + 1, 0);
        target.ensureRoom(length / 2 + ROOM);
        byte[] out = target.bytes;
        int size = target.size;
        int width = MIN_WIDTH;
        long bits = CLEAR;
        int bitCount = width;
        int next = FIRST_FREE;
        int code = length > 0 ? in[from] & 0xff : 0;
        for (int i = from + 1; i <= to; i++) {
            // Behind the last byte there is a literal that no string ends with.
            int literal = i < to ? in[i] & 0xff : -1;
            int key = code << 8 | literal;
            if (literal >= 0) {
                int slot = key * 0x9e3779b1 >>> shift;
                int entry = table[slot];
                while (entry != 0 && entry >>> CODE_BITS != key) {
                    slot = slot + 1 & mask;
                    entry = table[slot];
                }
                if (entry != 0) {
                    code = entry & LAST_CODE;
                    continue;
                }
                if (next != LAST_CODE) {
                    table[slot] = key << CODE_BITS | next;
                }
            }
            if (bitCount >= Integer.SIZE) {
                if (out.length - size < ROOM) {
                    target.size = size;
                    target.ensureRoom(ROOM);
                    out = target.bytes;
                }
                LITTLE_ENDIAN.set(out, size, (int) bits);
                size += Integer.BYTES;
                bits >>>= Integer.SIZE;
                bitCount -= Integer.SIZE;
            }
            bits |= (long) code << bitCount;
            bitCount += width;
            code = literal;
            if (next == 1 << width) {
                width++;
            }
            if (next++ == LAST_CODE) {
                // at most 31 + 12 bits wait, so that 12 more have room
                bits |= (long) CLEAR << bitCount;
                bitCount += width;
                Arrays.fill(table, 0, mask + 1, 0);
                width = MIN_WIDTH;
                next = FIRST_FREE;
            }
        }
        bits |= (long) END << bitCount;
        bitCount += width;
        target.size = size;
        target.ensureRoom(ROOM);
        for (; bitCount > 0; bitCount -= Byte.SIZE) {
            target.bytes[target.size++] = (byte) bits;
            bits >>>= Byte.SIZE;
        }
    }
}
