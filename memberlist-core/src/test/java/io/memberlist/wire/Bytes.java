package io.memberlist.wire;

/** The pieces of the codec on arrays of their own. */
final class Bytes {
    private Bytes() {}

    /** {@return the form that a message has on a stream} */
    static byte[] onStream(Message message) {
        Buffer out = new Buffer(0);
        StreamBody.write(message, out);
        return out.toBytes();
    }

    /** {@return the message, compressed as every member reads it} */
    static byte[] compressed(byte[] message) {
        return compressed(Compression.LZW, message);
    }

    static byte[] compressed(Compression compression, byte[] message) {
        Buffer out = new Buffer(0);
        new MapWriter(out, MessageType.COMPRESS).compressed(compression, message, 0, message.length);
        return out.toBytes();
    }

    static byte[] decompressed(byte[] message, int maxSize) throws WireException {
        Buffer out = new Buffer(0);
        Compression.unwrap(message, 1, message.length, out, maxSize);
        return out.toBytes();
    }

    /** {@return what LZW makes of the bytes} */
    static byte[] packed(byte[] plain) {
        Buffer out = new Buffer(0);
        LzwEncoder.encode(plain, 0, plain.length, out);
        return out.toBytes();
    }

    static byte[] unpacked(byte[] packed, int maxSize) throws WireException {
        Buffer out = new Buffer(0);
        LzwDecoder.decode(packed, 0, packed.length, out, maxSize);
        return out.toBytes();
    }
}
