package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/** How a member compresses what it sends. What it receives is read however it is compressed, in packets and on streams. */
public enum Compression {
    /** Not at all. */
    NONE(-1),
    /** LZW, which every member reads. */
    LZW(0),
    /** Snappy, in its block format. Grafana's fork of the Go library reads it; the Go library itself does not. */
    SNAPPY(1);

    /** What a compressed message says of itself; no message says -1. */
    private final int algorithm;

    Compression(int algorithm) {
        this.algorithm = algorithm;
    }

    int algorithm() {
        return algorithm;
    }

    /** Appends the compressed bytes, without their wrapper. */
    void encode(byte[] in, int from, int to, Buffer target) {
        switch (this) {
            case NONE -> throw new IllegalStateException("nothing is compressed");
            case LZW -> LzwEncoder.encode(in, from, to, target);
            case SNAPPY -> SnappyEncoder.encode(in, from, to, target);
        }
    }

    /**
     * Reads the wrapper of a compressed message, which {@link MapWriter#compressed} writes, and appends what it holds, unpacked:
     * at most maxSize bytes.
     */
    static void unwrap(byte[] bytes, int offset, int limit, Buffer out, int maxSize) throws WireException {
        MapReader in = new MapReader(bytes, offset, limit);
        in.nextMap();
        int algorithm = LZW.algorithm;
        int from = 0;
        int to = 0;
        for (Field field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case ALGO -> algorithm = (int) in.integer(field, 0, 0xff);
                case BUF -> {
                    from = in.raw(field);
                    to = in.position();
                }
                default -> in.skip();
            }
        }
        if (algorithm == LZW.algorithm) {
            LzwDecoder.decode(bytes, from, to, out, maxSize);
        } else if (algorithm == SNAPPY.algorithm) {
            SnappyDecoder.decode(bytes, from, to, out, maxSize);
        } else {
            throw new WireException(Reason.UNSUPPORTED, "cannot decompress unknown algorithm " + algorithm);
        }
    }

    /** {@return the fault of bytes that no encoder writes} */
    static WireException corrupt(String what) {
        return new WireException(Reason.COMPRESSION, "cannot decompress: " + what);
    }

    /** {@return the fault of bytes that unpack to more than may be held} */
    static WireException tooLarge(int maxSize) {
        return new WireException(Reason.TOO_LARGE, "decompressed message is larger than limit (" + maxSize + ")");
    }
}
