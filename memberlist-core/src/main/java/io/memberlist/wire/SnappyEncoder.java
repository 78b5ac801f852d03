package io.memberlist.wire;

import java.util.Arrays;

/**
 * Snappy's block format: the length of the text, and then literals and copies of what came before. A tag byte begins each,
 * whose lower two bits tell which it is.
 */
final class SnappyEncoder {
    static final int LITERAL = 0b00;
    /** 4 to 11 bytes, from up to 2047 before. */
    static final int COPY_1 = 0b01;
    /** 1 to 64 bytes, from up to 65535 before. */
    static final int COPY_2 = 0b10;

    static final int MIN_COPY = 4;

    private static final int MAX_COPY_1 = 11;
    private static final int MAX_COPY_2 = 64;
    private static final int OFFSETS_1 = 1 << 11;

    /** No copy reaches over the bounds of a block, so that each offset fits into two bytes. */
    private static final int BLOCK = 1 << 16;

    /** More than a short block needs, and the few bytes that copying eight at a time writes too much. */
    private static final int ROOM = 32;

    private static final int MIN_TABLE_BITS = 8;
    private static final int MAX_TABLE_BITS = 14;

    /** The thread's table: packets are small and many, and a simulated cluster shares one thread. */
    private static final ThreadLocal<char[]> TABLES = ThreadLocal.withInitial(() -> new char[1 << MAX_TABLE_BITS]);

    private SnappyEncoder() {}

    /** Appends the packed bytes. */
    static void encode(byte[] in, int from, int to, Buffer target) {
        int rest = to - from;
        while (rest >= 0x80) {
            target.append(rest | 0x80);
            rest >>>= 7;
        }
        target.append(rest);
        int end;
        for (int start = from; start < to; start = end) {
            end = start + Math.min(BLOCK, to - start);
            // a literal of 61 bytes has two bytes of header and a copy of 4 takes three: far less than a sixth more
            target.ensureRoom(end - start + (end - start) / 6 + ROOM);
            target.size = block(in, start, end, target.bytes, target.size);
        }
    }

    /**
     * {@return the size of the output behind one block}
     *
     * <p>The table has the last place, within the block, of each four bytes that were looked at. Where nothing repeats, the steps
     * become longer: bytes that do not compress cost little time.
     */
    private static int block(byte[] in, int start, int end, byte[] out, int sizeBefore) {
        // a small message need not wipe a large table
        int length = end - start;
        int tableBits = Math.max(MIN_TABLE_BITS, Math.min(MAX_TABLE_BITS, 32 - Integer.numberOfLeadingZeros(length)));
        int shift = 32 - tableBits;
        char[] table = TABLES.get();
        Arrays.fill(table, 0, 1 << tableBits, (char) 0);
        int size = sizeBefore;
        int last = end - Integer.BYTES;
        int literal = start;
        int at = start + 1;
        int looked = 0;
        while (at <= last) {
            int bytes = four(in, at);
            int slot = slot(bytes, shift);
            // an empty slot is a place as well, the first of the block
            int before = start + table[slot];
            table[slot] = (char) (at - start);
            if (four(in, before) != bytes) {
                at += 1 + (looked++ >>> 5);
                continue;
            }
            looked = 0;
            size = literal(in, literal, at, out, size);
            literal = at + same(in, before, at, end);
            size = copy(at - before, literal - at, out, size);
            at = literal;
            if (at - 1 <= last) {
                table[slot(four(in, at - 1), shift)] = (char) (at - 1 - start);
            }
        }
        return literal < end ? literal(in, literal, end, out, size) : size;
    }

    private static int four(byte[] in, int at) {
        return (int) LzwEncoder.LITTLE_ENDIAN.get(in, at);
    }

    private static int slot(int bytes, int shift) {
        return bytes * 0x9e3779b1 >>> shift;
    }

    /** {@return how many bytes are the same at two places, of which four are known to be} */
    private static int same(byte[] in, int before, int at, int end) {
        int count = Integer.BYTES;
        int most = end - at;
        while (count <= most - Long.BYTES) {
            long difference =
                    (long) LzwDecoder.LONG.get(in, before + count) ^ (long) LzwDecoder.LONG.get(in, at + count);
            if (difference != 0) {
                return count + Long.numberOfTrailingZeros(difference) / Byte.SIZE;
            }
            count += Long.BYTES;
        }
        while (count < most && in[before + count] == in[at + count]) {
            count++;
        }
        return count;
    }

    private static int literal(byte[] in, int from, int to, byte[] out, int sizeBefore) {
        int size = sizeBefore;
        int number = to - from - 1;
        if (number < SnappyDecoder.LONG_LITERAL) {
            if (number < 0) {
                return size;
            }
            out[size++] = (byte) (number << 2 | LITERAL);
        } else if (number < 1 << Byte.SIZE) {
            out[size++] = (byte) (SnappyDecoder.LONG_LITERAL << 2 | LITERAL);
            out[size++] = (byte) number;
        } else {
            out[size++] = (byte) (SnappyDecoder.LONG_LITERAL + 1 << 2 | LITERAL);
            out[size++] = (byte) number;
            out[size++] = (byte) (number >>> Byte.SIZE);
        }
        SnappyDecoder.copyLiteral(in, from, out, size, to - from);
        return size + to - from;
    }

    private static int copy(int offset, int count, byte[] out, int sizeBefore) {
        int size = sizeBefore;
        int rest = count;
        while (rest > MAX_COPY_2) {
            // what is left is a copy of four or more, which may take two bytes
            int part = Math.min(MAX_COPY_2, rest - MIN_COPY);
            size = copy2(offset, part, out, size);
            rest -= part;
        }
        if (rest > MAX_COPY_1 || offset >= OFFSETS_1) {
            return copy2(offset, rest, out, size);
        }
        out[size++] = (byte) (offset >>> Byte.SIZE << 5 | rest - MIN_COPY << 2 | COPY_1);
        out[size++] = (byte) offset;
        return size;
    }

    private static int copy2(int offset, int count, byte[] out, int sizeBefore) {
        int size = sizeBefore;
        out[size++] = (byte) (count - 1 << 2 | COPY_2);
        out[size++] = (byte) offset;
        out[size++] = (byte) (offset >>> Byte.SIZE);
        return size;
    }
}
