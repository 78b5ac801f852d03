package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Packets to messages and back. From the inside out: compound, compression, checksum, encryption, label. Not thread-safe:
 * a member uses its own on its event loop, and what one packet needs beside itself is kept for the next.
 */
public final class PacketCodec {
    /**
     * What one packet may unpack to. Packets are taken apart on the event loop, and a member puts no more into one than
     * its buffer size, 64 KiB at most; the Go library may send a larger message of the application, compressed.
     */
    private static final int MAX_UNPACKED = 256 * 1024;

    /** Bytes that a compound adds once. */
    public static final int COMPOUND_HEADER = 2;
    /** Bytes that a compound adds for each of its messages. */
    public static final int COMPOUND_ENTRY = 2;

    private static final int MAX_PARTS = 255;
    private static final int MAX_PART_SIZE = 0xffff;

    private final WireFormat format;
    private final LabelHeader label;
    private final byte[] labelHeader;
    private final Encryption encryption;
    /** The message or compound that is sent, behind room for headers; or what was decrypted. */
    private final Buffer plain = new Buffer(0);
    /** The same, compressed; or what was decompressed. */
    private final Buffer other = new Buffer(0);

    /**
     * @param format how the cluster dresses its messages
     * @param nonces asked once for each encrypted packet
     */
    public PacketCodec(WireFormat format, NonceSource nonces) {
        this.format = format;
        this.label = new LabelHeader(format);
        this.labelHeader = label.header();
        this.encryption = new Encryption(format, nonces, label.label());
    }

    /**
     * {@return the most bytes that checksum, encryption and label add to a message or compound}
     *
     * @param checksum the checksum that the packet gets
     */
    public int overhead(Checksum checksum) {
        int stamp = stamp() == null ? 0 : Freshness.SIZE;
        return checksum.size + (encryption.encrypts() ? encryption.overhead() : 0) + stamp + labelHeader.length;
    }

    /** {@return what puts a time behind each message, or null} Only encryption can vouch for it. */
    private @Nullable Freshness stamp() {
        return encryption.encrypts() ? format.freshness() : null;
    }

    /**
     * {@return one packet} A message alone goes as it is, several go as a compound; compressed where that is smaller.
     *
     * @param messages 1 to 255 of {@link MessageCodec#encode}, each of at most 65535 bytes if there are several
     * @param checksum the checksum to add: {@link Checksum#forReceiver} says which one a member understands
     * @throws IllegalArgumentException if there are too few or too many messages, or one is too long
     */
    public byte[] encode(List<byte[]> messages, Checksum checksum) {
        return encode(messages, checksum, format.compression());
    }

    /**
     * {@return as {@link #encode}, but never compressed} Whoever reads compressed packets reads others; it takes more of the network
     * and less of the processor.
     */
    public byte[] encodeUncompressed(List<byte[]> messages, Checksum checksum) {
        return encode(messages, checksum, Compression.NONE);
    }

    private byte[] encode(List<byte[]> messages, Checksum checksum, Compression compression) {
        int start = labelHeader.length;
        int headroom = start + checksum.size;
        Buffer body = plain;
        body.reset(headroom);
        Freshness stamp = stamp();
        // A message of the application lasts to the end of its bytes, wherever that is.
        boolean ends = stamp != null && !messages.isEmpty() && messages.get(0)[0] == MessageType.USER;
        join(messages, ends, body);
        if (compression != Compression.NONE) {
            other.reset(headroom);
            new MapWriter(other, MessageType.COMPRESS).compressed(compression, plain.bytes, headroom, plain.size);
            if (other.size < plain.size) {
                body = other;
            }
        }
        if (stamp != null) {
            stamp.stamp(body);
        }
        if (checksum == Checksum.CRC32) {
            body.bytes[start] = (byte) MessageType.HAS_CRC;
            Buffer.INT.set(body.bytes, start + 1, crc(body.bytes, headroom, body.size));
        }
        byte[] packet = encryption.encrypts() ? encryption.encrypt(body, start, start) : body.toBytes();
        System.arraycopy(labelHeader, 0, packet, 0, start);
        return packet;
    }

    /**
     * Appends a message as it is, and several as a compound: byte 7, how many, the length of each, then the messages.
     *
     * @param always whether one message becomes a compound, too
     */
    private static void join(List<byte[]> messages, boolean always, Buffer out) {
        int count = messages.size();
        if (count == 0 || count > MAX_PARTS) {
            throw new IllegalArgumentException("a packet takes 1 to " + MAX_PARTS + " messages, not " + count);
        }
        if (count == 1 && !always) {
            out.append(messages.get(0));
            return;
        }
        out.append(MessageType.COMPOUND);
        out.append(count);
        int lengths = out.size;
        out.skip(COMPOUND_ENTRY * count);
        for (int i = 0; i < count; i++) {
            byte[] message = messages.get(i);
            if (message.length > MAX_PART_SIZE) {
                throw new IllegalArgumentException("a message of " + message.length
                        + " bytes does not fit a compound: at most " + MAX_PART_SIZE + "; send it on a stream");
            }
            out.bytes[lengths + COMPOUND_ENTRY * i] = (byte) (message.length >> Byte.SIZE);
            out.bytes[lengths + COMPOUND_ENTRY * i + 1] = (byte) message.length;
            out.append(message);
        }
    }

    /**
     * {@return the messages of a packet, in its order} Of a compound the good messages are kept; each bad one is
     * reported and skipped.
     *
     * @param packet the bytes as received; nothing of them is kept
     * @param partFault told of each bad message of a compound, on the caller's thread
     * @throws WireException if the packet as a whole cannot be read
     */
    public List<Message> decode(byte[] packet, Consumer<WireException> partFault) throws WireException {
        int from = label.strip(packet, packet.length);
        if (from == LabelHeader.INCOMPLETE) {
            throw new WireException(
                    Reason.TRUNCATED,
                    packet.length == 0 ? "empty packet" : "cannot decode label; packet has been truncated");
        }
        byte[] bytes = packet;
        int to = packet.length;
        if (decrypt(packet, from)) {
            bytes = plain.bytes;
            from = 0;
            to = plain.size;
        }
        boolean encrypted = bytes != packet;
        if (to - from >= Checksum.CRC32.size && bytes[from] == MessageType.HAS_CRC) {
            int announced = (int) Buffer.INT.get(bytes, from + 1);
            from += Checksum.CRC32.size;
            int computed = crc(bytes, from, to);
            if (computed != announced) {
                throw new WireException(
                        Reason.CHECKSUM,
                        "invalid checksum: 0x" + Integer.toHexString(announced) + " announced, 0x"
                                + Integer.toHexString(computed) + " computed");
            }
        }
        if (encrypted) {
            int end = Freshness.end(bytes, from, to);
            if (format.freshness() != null) {
                format.freshness().check(bytes, end, to);
            }
            to = end;
        }
        int budget = Math.min(MAX_UNPACKED, format.limits().maxDecompressed());
        return new PacketBody(other, budget, partFault).read(bytes, from, to);
    }

    /** {@return whether the packet was encrypted} */
    private boolean decrypt(byte[] packet, int start) throws WireException {
        if (format.keys() == null) {
            return false;
        }
        plain.reset(0);
        try {
            encryption.decrypt(packet, start, packet.length, 0, plain);
            return true;
        } catch (WireException e) {
            if (format.verifyIncoming()) {
                throw e;
            }
            return false; // plaintext is let in while encryption is being turned on
        }
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
