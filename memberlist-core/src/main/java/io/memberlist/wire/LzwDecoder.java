package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/** The counterpart of {@link LzwEncoder}, for anybody's bytes: bounded, and without trust in any code. */
final class LzwDecoder {
    private static final int CODES = 1 << LzwEncoder.MAX_WIDTH;

    /** From here on copying a text at once is faster than byte by byte. */
    private static final int LONG_TEXT = 16;

    /** The thread's table of texts, each its start and its length: an array only, which keeps no class loader alive. */
    private static final ThreadLocal<long[]> TABLE = ThreadLocal.withInitial(() -> new long[CODES]);

    private LzwDecoder() {}

    /**
     * Appends at most maxSize bytes.
     *
     * <p>What a code stands for lies in the output already: each new code is the text of the code before it and one byte
     * more, and these stand there one behind the other. The table holds where it starts and how long it is.
     */
    static void decode(byte[] in, int from, int to, Buffer target, int maxSize) throws WireException {
        long[] table = TABLE.get();
        target.ensureRoom((int) Math.min(maxSize, 64 + 3L * (to - from)));
        byte[] out = target.bytes;
        int size = target.size;
        long limit = size + (long) maxSize;
        int at = from;
        long bits = 0;
        int bitCount = 0;
        int width = LzwEncoder.MIN_WIDTH;
        int next = LzwEncoder.FIRST_FREE;
        boolean first = true;
        long last = 0;
        while (true) {
            if (bitCount < width) {
                if (to - at >= Integer.BYTES) {
                    bits |= ((int) LzwEncoder.LITTLE_ENDIAN.get(in, at) & 0xffff_ffffL) << bitCount;
                    at += Integer.BYTES;
                    bitCount += Integer.SIZE;
                } else {
                    while (bitCount < width) {
                        if (at == to) {
                            throw corrupt("unexpected end of the compressed bytes");
                        }
                        bits |= (in[at++] & 0xffL) << bitCount;
                        bitCount += Byte.SIZE;
                    }
                }
            }
            int code = (int) bits & (1 << width) - 1;
            bits >>>= width;
            bitCount -= width;
            if (code == LzwEncoder.END) {
                target.size = size;
                return;
            }
            if (code == LzwEncoder.CLEAR) {
                width = LzwEncoder.MIN_WIDTH;
                next = LzwEncoder.FIRST_FREE;
                first = true;
                continue;
            }
            // a code that is about to be defined by this very step is the last text and its first byte again
            if (!first && next < CODES) {
                table[next] = last + 1;
                next++;
            }
            long text = (long) size << 32 | 1;
            if (code >= LzwEncoder.FIRST_FREE) {
                if (code >= next) {
                    throw corrupt("invalid code " + code);
                }
                text = table[code];
            }
            int start = (int) (text >>> 32);
            int count = (int) text;
            if (count > limit - size) {
                throw new WireException(
                        Reason.TOO_LARGE, "decompressed message is larger than limit (" + maxSize + ")");
            }
            if (count > out.length - size) {
                target.size = size;
                target.ensureRoom(count, limit);
                out = target.bytes;
            }
            last = (long) size << 32 | count;
            if (code < LzwEncoder.CLEAR) {
                out[size++] = (byte) code;
            } else if (count >= LONG_TEXT && start + count <= size) {
                System.arraycopy(out, start, out, size, count);
                size += count;
            } else {
                // byte by byte: the text may reach into what is being written
                for (int end = start + count; start < end; start++) {
                    out[size++] = out[start];
                }
            }
            if (next == 1 << width && width < LzwEncoder.MAX_WIDTH) {
                width++;
            }
            first = false;
        }
    }

    private static WireException corrupt(String what) {
        return new WireException(Reason.COMPRESSION, "cannot decompress: " + what);
    }
}
