package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;

/** The wrapper of compressed messages, of packets and streams alike. */
final class Compression {
    private static final int LZW = 0;

    private Compression() {}

    static byte[] wrap(byte[] message) {
        return new MapWriter(MessageType.COMPRESS)
                .map(2)
                .signed("Algo", LZW)
                .bytes("Buf", LzwEncoder.encode(message))
                .toBytes();
    }

    /** {@return what the map at offset holds, unpacked: at most maxSize bytes} */
    static byte[] unwrap(byte[] bytes, int offset, int limit, int maxSize) throws WireException {
        MapReader in = new MapReader(bytes, offset, limit);
        in.nextMap();
        int algorithm = LZW;
        byte[] packed = {};
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "Algo" -> algorithm = (int) in.integer(key, 0, 0xff);
                case "Buf" -> packed = in.bytes(key);
                default -> in.skip();
            }
        }
        if (algorithm != LZW) {
            throw new WireException(Reason.UNSUPPORTED, "cannot decompress unknown algorithm " + algorithm);
        }
        return LzwDecoder.decode(packed, maxSize);
    }
}
