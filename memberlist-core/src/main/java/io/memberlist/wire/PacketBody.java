package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes one packet apart behind its checksum. Compression and compound may hold each other, but neither itself, and all
 * that a packet unpacks counts against one limit: a few bytes must not keep a member busy.
 */
final class PacketBody {
    private final Consumer<WireException> partFault;
    private final List<Message> messages = new ArrayList<>();
    private int decompressedLeft;

    PacketBody(int maxDecompressed, Consumer<WireException> partFault) {
        this.decompressedLeft = maxDecompressed;
        this.partFault = partFault;
    }

    List<Message> read(ByteBuffer in) throws WireException {
        read(in, true, true);
        return messages;
    }

    private void read(ByteBuffer in, boolean mayBeCompressed, boolean mayBeCompound) throws WireException {
        int type = in.hasRemaining() ? in.get(in.position()) & 0xff : -1;
        if (type == MessageType.COMPRESS) {
            require(mayBeCompressed, "compressed message within a compressed one");
            int start = in.arrayOffset() + in.position();
            byte[] plain = Compression.unwrap(in.array(), start + 1, start + in.remaining(), decompressedLeft);
            decompressedLeft -= plain.length;
            read(ByteBuffer.wrap(plain), false, mayBeCompound);
        } else if (type == MessageType.COMPOUND) {
            require(mayBeCompound, "compound within a compound");
            in.get();
            for (ByteBuffer part : Compound.unwrap(in.slice(), partFault)) {
                try {
                    read(part, mayBeCompressed, false);
                } catch (WireException e) {
                    partFault.accept(e);
                }
            }
        } else {
            messages.add(MessageCodec.decode(in.array(), in.arrayOffset() + in.position(), in.remaining()));
        }
    }

    private static void require(boolean allowed, String what) throws WireException {
        if (!allowed) {
            throw new WireException(Reason.UNSUPPORTED, what);
        }
    }
}
