package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes one packet apart behind its checksum. Compression and compound may hold each other, but neither itself, and all
 * that a packet unpacks counts against one limit: a few bytes must not keep a member busy.
 */
final class PacketBody {
    private final Consumer<WireException> partFault;
    private final ArrayList<Message> messages = new ArrayList<>(1);
    /** Holds what is unpacked, one thing after the other: compression within compression is refused. */
    private final Buffer unpacked;

    private int budget;
    private boolean inCompression;
    private boolean inCompound;

    PacketBody(Buffer unpacked, int budget, Consumer<WireException> partFault) {
        this.unpacked = unpacked;
        this.budget = budget;
        this.partFault = partFault;
    }

    List<Message> read(byte[] bytes, int from, int to) throws WireException {
        int type = from < to ? bytes[from] & 0xff : -1;
        if (type == MessageType.COMPRESS) {
            decompress(bytes, from + 1, to);
        } else if (type == MessageType.COMPOUND) {
            split(bytes, from + 1, to);
        } else {
            messages.add(MessageCodec.decode(bytes, from, to - from));
        }
        return messages;
    }

    private void decompress(byte[] bytes, int from, int to) throws WireException {
        if (inCompression) {
            throw new WireException(Reason.UNSUPPORTED, "compressed message within a compressed one");
        }
        unpacked.reset(0);
        int available = budget;
        // Whatever cannot be unpacked has used up the budget: otherwise each of 255 broken parts would cost as much
        // again.
        budget = 0;
        Compression.unwrap(bytes, from, to, unpacked, available);
        budget = available - unpacked.size;
        inCompression = true;
        try {
            read(unpacked.bytes, 0, unpacked.size);
        } finally {
            inCompression = false;
        }
    }

    /** Reads the parts that are whole; missing ones are reported together. */
    private void split(byte[] bytes, int from, int to) throws WireException {
        if (inCompound) {
            throw new WireException(Reason.UNSUPPORTED, "compound within a compound");
        }
        if (from == to) {
            throw new WireException(Reason.TRUNCATED, "missing compound length byte");
        }
        int count = bytes[from] & 0xff;
        int lengths = from + 1;
        int at = lengths + count * PacketCodec.COMPOUND_ENTRY;
        if (at > to) {
            throw new WireException(Reason.TRUNCATED, "truncated lengths of a compound of " + count + " messages");
        }
        messages.ensureCapacity(count);
        inCompound = true;
        for (int i = 0; i < count; i++) {
            int length = (bytes[lengths + 2 * i] & 0xff) << 8 | bytes[lengths + 2 * i + 1] & 0xff;
            if (length > to - at) {
                partFault.accept(new WireException(
                        Reason.TRUNCATED, "compound request had " + (count - i) + " truncated messages of " + count));
                break;
            }
            try {
                read(bytes, at, at + length);
            } catch (WireException e) {
                partFault.accept(e);
            }
            at += length;
        }
        inCompound = false;
    }
}
