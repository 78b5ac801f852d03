package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Several messages in one packet: byte 7, how many, the length of each, then the messages. */
final class Compound {
    static final int MAX_PARTS = 255;
    private static final int MAX_PART_SIZE = 0xffff;

    private Compound() {}

    static byte[] wrap(List<byte[]> messages) {
        int size = PacketCodec.COMPOUND_HEADER;
        for (byte[] message : messages) {
            if (message.length > MAX_PART_SIZE) {
                throw new IllegalArgumentException("a message of " + message.length
                        + " bytes does not fit a compound: at most " + MAX_PART_SIZE + "; send it on a stream");
            }
            size += PacketCodec.COMPOUND_ENTRY + message.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) MessageType.COMPOUND).put((byte) messages.size());
        messages.forEach(message -> out.putShort((short) message.length));
        messages.forEach(out::put);
        return out.array();
    }

    /** {@return the parts that are whole}; missing ones are reported together. The buffer is behind the type byte. */
    static List<ByteBuffer> unwrap(ByteBuffer in, Consumer<WireException> fault) throws WireException {
        if (!in.hasRemaining()) {
            throw new WireException(Reason.TRUNCATED, "missing compound length byte");
        }
        int count = in.get() & 0xff;
        if (in.remaining() < count * PacketCodec.COMPOUND_ENTRY) {
            throw new WireException(Reason.TRUNCATED, "truncated lengths of a compound of " + count + " messages");
        }
        ByteBuffer lengths = in.slice(in.position(), count * PacketCodec.COMPOUND_ENTRY);
        int at = in.position() + lengths.remaining();
        List<ByteBuffer> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = lengths.getShort() & 0xffff;
            if (length > in.limit() - at) {
                fault.accept(new WireException(
                        Reason.TRUNCATED, "compound request had " + (count - i) + " truncated messages of " + count));
                break;
            }
            parts.add(in.slice(at, length));
            at += length;
        }
        return parts;
    }
}
