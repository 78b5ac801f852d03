package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;

/** The counterpart of {@link LzwEncoder}, for anybody's bytes: bounded, and without trust in any code. */
final class LzwDecoder {
    private static final int CODES = 1 << LzwEncoder.MAX_WIDTH;

    /** The thread's tables, the starts and the lengths: arrays only, which keep no class loader alive. */
    private static final ThreadLocal<int[][]> TABLES = ThreadLocal.withInitial(() -> new int[2][CODES]);

    private LzwDecoder() {}

    /**
     * What a code stands for lies in the output already: each new code is the text of the code before it and one byte
     * more, and these stand there one behind the other. The tables hold where it starts and how long it is.
     */
    static byte[] decode(byte[] in, int maxSize) throws WireException {
        int[][] tables = TABLES.get();
        int[] start = tables[0];
        int[] length = tables[1];
        byte[] out = new byte[(int) Math.min(maxSize, 64 + 3L * in.length)];
        int size = 0;
        int at = 0;
        int bits = 0;
        int bitCount = 0;
        int width = LzwEncoder.MIN_WIDTH;
        int next = LzwEncoder.FIRST_FREE;
        boolean first = true;
        int lastStart = 0;
        int lastLength = 0;
        while (true) {
            while (bitCount < width) {
                if (at == in.length) {
                    throw corrupt("unexpected end of the compressed bytes");
                }
                bits |= (in[at++] & 0xff) << bitCount;
                bitCount += 8;
            }
            int code = bits & (1 << width) - 1;
            bits >>>= width;
            bitCount -= width;
            if (code == LzwEncoder.END) {
                return size == out.length ? out : Arrays.copyOf(out, size);
            }
            if (code == LzwEncoder.CLEAR) {
                width = LzwEncoder.MIN_WIDTH;
                next = LzwEncoder.FIRST_FREE;
                first = true;
                continue;
            }
            // a code that is about to be defined by this very step is the last text and its first byte again
            if (!first && next < CODES) {
                start[next] = lastStart;
                length[next] = lastLength + 1;
                next++;
            }
            int from = size;
            int count = 1;
            if (code >= LzwEncoder.FIRST_FREE) {
                if (code >= next) {
                    throw corrupt("invalid code " + code);
                }
                from = start[code];
                count = length[code];
            }
            if (count > maxSize - size) {
                throw new WireException(
                        Reason.TOO_LARGE, "decompressed message is larger than limit (" + maxSize + ")");
            }
            if (count > out.length - size) {
                out = Arrays.copyOf(out, (int) Math.min(maxSize, Math.max(2L * out.length, size + (long) count)));
            }
            if (code < LzwEncoder.CLEAR) {
                out[size] = (byte) code;
            } else {
                // byte by byte: the text may reach into what is being written
                for (int i = 0; i < count; i++) {
                    out[size + i] = out[from + i];
                }
            }
            lastStart = size;
            lastLength = count;
            size += count;
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
