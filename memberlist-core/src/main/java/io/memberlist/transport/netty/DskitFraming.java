package io.memberlist.transport.netty;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.transport.TransportDrop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How Grafana's dskit, and so Mimir, Loki and Tempo, put packets and streams on TCP: a first byte says which of them a connection is. A
 * packet follows the address of its sender, and its MD5 digest follows it: then the connection ends.
 */
final class DskitFraming implements Framing {
    private static final ThrottledLog throttled = new ThrottledLog(LoggerFactory.getLogger(DskitFraming.class));

    private static final int PACKET = 1;
    private static final int STREAM = 2;
    private static final int DIGEST_BYTES = 16;

    private final int maxPacket;
    private final boolean mustMatch;

    /**
     * @param maxPacket the largest packet that is taken, in bytes
     * @param mustMatch whether a packet whose digest does not match is refused: with TLS only somebody on the way can have cut it off
     */
    DskitFraming(int maxPacket, boolean mustMatch) {
        this.maxPacket = maxPacket;
        this.mustMatch = mustMatch;
    }

    @Override
    public boolean keepsConnections() {
        return false;
    }

    @Override
    public byte[] streamHeader(InetSocketAddress self) {
        return new byte[] {STREAM};
    }

    @Override
    public byte[] packet(InetSocketAddress self, byte[] packet) {
        byte[] from = Failures.text(self).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + from.length + packet.length + DIGEST_BYTES)
                .put((byte) PACKET)
                .put((byte) from.length)
                .put(from)
                .put(packet)
                .put(digest(packet))
                .array();
    }

    @Override
    public ConnectionReader reader(ConnectionReader.Receiver receiver) {
        return new Reader(receiver);
    }

    private static byte[] digest(byte[] packet) {
        try {
            return MessageDigest.getInstance("MD5").digest(packet);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no MD5, which every one must have", e);
        }
    }

    private final class Reader extends ConnectionReader {
        Reader(Receiver receiver) {
            super(receiver);
        }

        @Override
        void read(ByteBuf in, boolean last) {
            if (!in.isReadable()) {
                return;
            }
            int kind = in.getUnsignedByte(in.readerIndex());
            if (kind == STREAM) {
                in.skipBytes(1);
                stream(null);
            } else if (kind != PACKET) {
                refuse(TransportDrop.MALFORMED, "a connection begins with the byte " + kind);
            } else if (in.readableBytes() > 2 + 0xff + maxPacket + DIGEST_BYTES) {
                refuse(TransportDrop.TOO_LARGE, "a packet of more than " + maxPacket + " bytes");
            } else if (last) {
                in.skipBytes(1);
                take(in);
            }
        }

        private void take(ByteBuf in) {
            int length = in.isReadable() ? in.readUnsignedByte() : 0;
            if (in.readableBytes() < length + DIGEST_BYTES) {
                refuse(TransportDrop.MALFORMED, "a packet is cut off");
                return;
            }
            InetSocketAddress from = address(
                    in.readCharSequence(length, StandardCharsets.US_ASCII).toString());
            if (from == null) {
                refuse(TransportDrop.MALFORMED, "a packet without the address of its sender");
                return;
            }
            byte[] packet = ByteBufUtil.getBytes(in.readSlice(in.readableBytes() - DIGEST_BYTES));
            byte[] digest = ByteBufUtil.getBytes(in.readSlice(DIGEST_BYTES));
            boolean matches = Arrays.equals(digest, digest(packet));
            if (!matches && mustMatch) {
                refuse(TransportDrop.MALFORMED, "the digest of a packet does not match");
                return;
            }
            if (!matches) {
                // As dskit does: what it says is checked by its own means.
                throttled.log(
                        Level.WARN,
                        from.getAddress(),
                        "The digest of a packet of {} bytes from {} does not match; it is used all the same",
                        packet.length,
                        Failures.text(from));
            }
            packet(from, packet);
        }
    }
}
