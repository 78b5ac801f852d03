package io.memberlist.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The counterpart of {@link LzwEncoder}, for anybody's bytes: bounded, and without trust in any code. */
final class LzwDecoder {
    private static final int CODES = 1 << LzwEncoder.MAX_WIDTH;

    /** The first code after a clear code defines nothing: what it writes here, at the end code, nobody reads. */
    private static final int NONE_DEFINED = LzwEncoder.FIRST_FREE - 1;

    /** The clear and the end code, but for their last bit. */
    private static final int CONTROL = ~1;

    /** Reads and writes eight bytes at once. */
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The thread's table of texts, each its start and its length: an array only, which keeps no class loader alive. */
    private static final ThreadLocal<long[]> TABLE = ThreadLocal.withInitial(LzwDecoder::newTable);

    private LzwDecoder() {}

    /** {@return a table in which literals are texts of one byte, wherever that is} */
    private static long[] newTable() {
        long[] table = new long[CODES];
        Arrays.fill(table, 0, LzwEncoder.CLEAR, 1);
        return table;
    }

    /**
     * Appends at most maxSize bytes.
     *
     * <p>What a code stands for lies in the output already: each new code is the text of the code before it and one byte
     * more, and these stand there one behind the other. The table holds where it starts and how long it is.
     */
    static void decode(byte[] in, int from, int to, Buffer target, int maxSize) throws WireException {
        long[] table = TABLE.get();
        long limit = target.size + (long) maxSize;
        target.ensureRoom(Long.BYTES + (int) Math.min(maxSize, 64 + 5L * (to - from)));
        byte[] out = target.bytes;
        int size = target.size;
        int room = room(out, limit);
        int at = from;
        long bits = 0;
        int bitCount = 0;
        int width = LzwEncoder.MIN_WIDTH;
        int next = NONE_DEFINED;
        long last = 0;
        while (true) {
            if (bitCount < width) {
                if (to - at >= Integer.BYTES) {
                    bits |= ((int) LzwEncoder.LITTLE_ENDIAN.get(in, at) & 0xffff_ffffL) << bitCount;
                    bitCount += Integer.SIZE;
                    at += Integer.BYTES;
                } else {
                    for (; at < to; bitCount += Byte.SIZE) {
                        bits |= (in[at++] & 0xffL) << bitCount;
                    }
                    if (bitCount < width) {
                        throw Compression.corrupt("unexpected end of the compressed bytes");
                    }
                }
            }
            int code = (int) bits & (1 << width) - 1;
            bits >>>= width;
            bitCount -= width;
            if ((code & CONTROL) == LzwEncoder.CLEAR) {
                if (code == LzwEncoder.END) {
                    target.size = size;
                    return;
                }
                width = LzwEncoder.MIN_WIDTH;
                next = NONE_DEFINED;
                continue;
            }
            // a code that is about to be defined by this very step is the last text and its first byte again
            int defined = next;
            if (next < CODES) {
                table[next++] = last + 1;
            }
            if (code >= next) {
                throw Compression.corrupt("invalid code " + code);
            }
            int start = (int) (table[code] >>> 32);
            int count = (int) table[code];
            if (count > room - size) {
                if (count > limit - size) {
                    throw Compression.tooLarge(maxSize);
                }
                target.size = size;
                target.ensureRoom(count + Long.BYTES, limit + Long.BYTES);
                out = target.bytes;
                room = room(out, limit);
            }
            last = (long) size << 32 | count;
            if (code < LzwEncoder.CLEAR) {
                out[size] = (byte) code;
            } else if (count <= Long.BYTES && code != defined) {
                // most texts are short: what is copied too much is written over by the next
                LONG.set(out, size, (long) LONG.get(out, start));
            } else {
                // byte by byte: the text that is defined here reaches into what is being written
                for (int i = 0; i < count; i++) {
                    out[size + i] = out[start + i];
                }
            }
            size += count;
            if (next == 1 << width && width < LzwEncoder.MAX_WIDTH) {
                width++;
            }
        }
    }

    /** {@return up to where a text may reach, with a few bytes to spare behind it} */
    private static int room(byte[] out, long limit) {
        return (int) Math.min(limit, out.length - Long.BYTES);
    }
}
