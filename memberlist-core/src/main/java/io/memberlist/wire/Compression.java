package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/** Reads the wrapper of compressed messages, of packets and streams alike, which {@link MapWriter#compressed} writes. */
final class Compression {
    static final int LZW = 0;

    private Compression() {}

    /** Appends what the map at offset holds, unpacked: at most maxSize bytes. */
    static void unwrap(byte[] bytes, int offset, int limit, Buffer out, int maxSize) throws WireException {
        MapReader in = new MapReader(bytes, offset, limit);
        in.nextMap();
        int algorithm = LZW;
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
        if (algorithm != LZW) {
            throw new WireException(Reason.UNSUPPORTED, "cannot decompress unknown algorithm " + algorithm);
        }
        LzwDecoder.decode(bytes, from, to, out, maxSize);
    }
}
