package io.memberlist.transport.netty;

import io.memberlist.transport.TransportDrop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The frames of Alertmanager's gossip over TLS: the length as 32 bits, the lowest first, and a message of Protocol Buffers with
 * {@code version = 1}, {@code kind = 2}, {@code from_addr = 3} and {@code msg = 4}. A connection is a stream behind a first frame
 * of that kind, or has one packet in each frame. Only who has opened it writes packets.
 */
final class AlertmanagerFraming implements Framing {
    static final String VERSION = "v0.1.0";

    private static final int KIND_STREAM = 0;
    private static final int KIND_PACKET = 1;
    private static final int LENGTH_BYTES = 4;
    /** Of a frame without its packet. */
    private static final int MOST_HEADER_BYTES = 512;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final int maxPacket;

    /** @param maxPacket the largest packet that is taken, in bytes */
    AlertmanagerFraming(int maxPacket) {
        this.maxPacket = maxPacket;
    }

    @Override
    public boolean keepsConnections() {
        return true;
    }

    @Override
    public byte[] streamHeader(InetSocketAddress self) {
        return frame(KIND_STREAM, self, new byte[0]);
    }

    @Override
    public byte[] packet(InetSocketAddress self, byte[] packet) {
        return frame(KIND_PACKET, self, packet);
    }

    @Override
    public ConnectionReader reader(ConnectionReader.Receiver receiver) {
        return new Reader(receiver);
    }

    private static byte[] frame(int kind, InetSocketAddress self, byte[] packet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + packet.length);
        out.writeBytes(new byte[LENGTH_BYTES]);
        write(out, 1, VERSION.getBytes(StandardCharsets.UTF_8));
        // Fields that are zero or empty are left out.
        if (kind != KIND_STREAM) {
            out.write(2 << 3 | VARINT);
            out.write(kind);
        }
        write(out, 3, Failures.text(self).getBytes(StandardCharsets.UTF_8));
        if (packet.length > 0) {
            write(out, 4, packet);
        }
        byte[] frame = out.toByteArray();
        int length = frame.length - LENGTH_BYTES;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            frame[i] = (byte) (length >>> Byte.SIZE * i);
        }
        return frame;
    }

    private static void write(ByteArrayOutputStream out, int field, byte[] bytes) {
        out.write(field << 3 | BYTES);
        int length = bytes.length;
        for (; length >= 0x80; length >>>= 7) {
            out.write(length & 0x7f | 0x80);
        }
        out.write(length);
        out.writeBytes(bytes);
    }

    /** What a frame says. */
    private static final class Frame {
        private String version = "";
        private long kind = KIND_STREAM;
        private String from = "";
        private byte[] packet = {};

        /** Reads a message of Protocol Buffers to its end; throws {@link IndexOutOfBoundsException} where it is cut off. */
        static @Nullable Frame read(ByteBuf in) {
            Frame frame = new Frame();
            while (in.isReadable()) {
                long tag = varint(in);
                int type = (int) tag & 7;
                switch (type) {
                    case VARINT -> {
                        long value = varint(in);
                        frame.kind = tag >>> 3 == 2 ? value : frame.kind;
                    }
                    case FIXED64 -> in.skipBytes(Long.BYTES);
                    case FIXED32 -> in.skipBytes(Integer.BYTES);
                    case BYTES -> frame.set(tag >>> 3, bytes(in));
                    default -> {
                        return null;
                    }
                }
            }
            return frame;
        }

        private void set(long field, ByteBuf value) {
            if (field == 1) {
                version = value.toString(StandardCharsets.UTF_8);
            } else if (field == 3) {
                from = value.toString(StandardCharsets.UTF_8);
            } else if (field == 4) {
                packet = ByteBufUtil.getBytes(value);
            }
        }

        private static ByteBuf bytes(ByteBuf in) {
            long length = varint(in);
            if (length < 0 || length > in.readableBytes()) {
                throw new IndexOutOfBoundsException();
            }
            return in.readSlice((int) length);
        }

        private static long varint(ByteBuf in) {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = in.readByte();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException();
        }
    }

    private final class Reader extends ConnectionReader {
        private boolean first = true;

        Reader(Receiver receiver) {
            super(receiver);
        }

        @Override
        void read(ByteBuf in, boolean last) {
            if (in.readableBytes() < LENGTH_BYTES) {
                return;
            }
            long length = in.getUnsignedIntLE(in.readerIndex());
            if (length > maxPacket + MOST_HEADER_BYTES) {
                refuse(
                        TransportDrop.TOO_LARGE,
                        "a frame of " + length + " bytes, and " + maxPacket + " is the most for a packet");
                return;
            }
            if (in.readableBytes() < LENGTH_BYTES + length) {
                return;
            }
            in.skipBytes(LENGTH_BYTES);
            take(in.readSlice((int) length));
        }

        private void take(ByteBuf message) {
            Frame frame = null;
            try {
                frame = Frame.read(message);
            } catch (IndexOutOfBoundsException e) {
                // It is cut off.
            }
            if (frame == null) {
                refuse(TransportDrop.MALFORMED, "a frame is no message of Protocol Buffers");
                return;
            }
            InetSocketAddress from = address(frame.from);
            if (!frame.version.equals(VERSION)) {
                refuse(TransportDrop.MALFORMED, "a frame of another version than " + VERSION);
            } else if (frame.kind == KIND_STREAM && first) {
                // Alertmanager does not say from where a stream comes.
                stream(from);
            } else if (from == null) {
                refuse(TransportDrop.MALFORMED, "a frame without the address of its sender");
            } else if (frame.kind == KIND_PACKET) {
                first = false;
                packet(from, frame.packet);
            } else {
                refuse(TransportDrop.MALFORMED, "a frame of the kind " + frame.kind + ", which cannot stand there");
            }
        }
    }
}
