package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Packets to messages and back. From the inside out: compound, compression, checksum, encryption, label. Safe for all
 * threads if the nonce source is.
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

    private static final int CRC_HEADER = 5;

    private final WireFormat format;
    private final LabelHeader label;
    private final Encryption encryption;

    /**
     * @param format how the cluster dresses its messages
     * @param nonces asked once for each encrypted packet
     */
    public PacketCodec(WireFormat format, NonceSource nonces) {
        this.format = format;
        this.label = new LabelHeader(format);
        this.encryption = new Encryption(format, nonces);
    }

    /**
     * {@return the most bytes that checksum, encryption and label add to a message or compound}
     *
     * @param checksum whether the packet gets a checksum
     */
    public int overhead(boolean checksum) {
        return (checksum ? CRC_HEADER : 0) + (encryption.encrypts() ? encryption.overhead() : 0) + label.overhead();
    }

    /**
     * {@return one packet} A message alone goes as it is, several go as a compound; compressed where that is smaller.
     *
     * @param messages 1 to 255 of {@link MessageCodec#encode}, each of at most 65535 bytes if there are several
     * @param checksum whether to add one: only for members of protocol 5
     * @throws IllegalArgumentException if there are too few or too many messages, or one is too long
     */
    public byte[] encode(List<byte[]> messages, boolean checksum) {
        if (messages.isEmpty() || messages.size() > Compound.MAX_PARTS) {
            throw new IllegalArgumentException(
                    "a packet takes 1 to " + Compound.MAX_PARTS + " messages, not " + messages.size());
        }
        byte[] out = messages.size() == 1 ? messages.get(0) : Compound.wrap(messages);
        if (format.compression()) {
            byte[] compressed = Compression.wrap(out);
            if (compressed.length < out.length) {
                out = compressed;
            }
        }
        if (checksum) {
            out = ByteBuffer.allocate(CRC_HEADER + out.length)
                    .put((byte) MessageType.HAS_CRC)
                    .putInt(crc(ByteBuffer.wrap(out)))
                    .put(out)
                    .array();
        }
        if (encryption.encrypts()) {
            out = encryption.encrypt(out, 0, label.label());
        }
        return label.prepend(out);
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
        int start = label.strip(packet, packet.length);
        if (start == LabelHeader.INCOMPLETE) {
            throw new WireException(
                    Reason.TRUNCATED,
                    packet.length == 0 ? "empty packet" : "cannot decode label; packet has been truncated");
        }
        ByteBuffer in = ByteBuffer.wrap(packet, start, packet.length - start).slice();
        byte[] plain = decrypt(packet, start);
        if (plain != null) {
            in = ByteBuffer.wrap(plain);
        }
        if (in.remaining() >= CRC_HEADER && in.get(0) == MessageType.HAS_CRC) {
            in = checked(in);
        }
        int budget = Math.min(MAX_UNPACKED, format.limits().maxDecompressed());
        return new PacketBody(budget, partFault).read(in);
    }

    private byte @Nullable [] decrypt(byte[] packet, int start) throws WireException {
        if (format.keys() == null) {
            return null;
        }
        try {
            return encryption.decrypt(packet, start, packet.length, label.label());
        } catch (WireException e) {
            if (format.verifyIncoming()) {
                throw e;
            }
            return null; // plaintext is let in while encryption is being turned on
        }
    }

    private static ByteBuffer checked(ByteBuffer in) throws WireException {
        int announced = in.getInt(1);
        ByteBuffer rest = in.slice(CRC_HEADER, in.remaining() - CRC_HEADER);
        int computed = crc(rest.duplicate());
        if (computed != announced) {
            throw new WireException(
                    Reason.CHECKSUM,
                    "invalid checksum: 0x" + Integer.toHexString(announced) + " announced, 0x"
                            + Integer.toHexString(computed) + " computed");
        }
        return rest;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
