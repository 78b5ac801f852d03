package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;

/**
 * One message from a stream, bytes at a time: no thread, no blocking read. However small the pieces are, each byte is
 * looked at once, and memory grows only with what has arrived. Not thread-safe; after an exception it is of no more use.
 */
public final class StreamDecoder {
    /** Far more than a ping, an ack, an error or the header of a user message needs. */
    private static final int SMALL_MESSAGE = 64 * 1024;

    private final WireFormat format;
    private final LabelHeader label;
    private final Encryption encryption;

    private byte[] buffer = {};
    private int size;
    private Stage stage;
    /** Where the type byte is. */
    private int start;
    /** Where the message ends; known from {@link Stage#TAIL} on. */
    private int end;

    private MapScanner maps = new MapScanner(0, 0);
    private int mapsLeft;
    private int tail;

    /** @param first {@link Stage#LABEL} where a label header is expected, {@link Stage#TYPE} where none is */
    StreamDecoder(WireFormat format, LabelHeader label, Encryption encryption, Stage first) {
        this.format = format;
        this.label = label;
        this.encryption = encryption;
        this.stage = first;
    }

    /**
     * {@return whether one whole message is buffered; bytes behind it are ignored}
     *
     * @param bytes the next ones of the stream, which are not changed and must not be
     * @throws WireException as soon as they cannot become an acceptable message
     */
    public boolean feed(byte[] bytes) throws WireException {
        if (stage != Stage.WHOLE) {
            append(bytes);
            while (stage != Stage.WHOLE && advance()) {
                // on to the next stage
            }
        }
        return stage == Stage.WHOLE;
    }

    /** {@return how many bytes are held} */
    public int bufferedBytes() {
        return size;
    }

    /**
     * {@return the message} Decrypts, unpacks and reads it: pure computation, which may be run on another thread once
     * {@link #feed} has said true.
     *
     * @throws WireException if the bytes are no message, or break a limit
     * @throws IllegalStateException if the message is not whole yet
     */
    public Message decode() throws WireException {
        if (stage != Stage.WHOLE) {
            throw new IllegalStateException("the message is not whole yet");
        }
        byte[] bytes = buffer;
        int from = start;
        int to = end;
        if (type(bytes, from, to) == MessageType.ENCRYPT) {
            Buffer plain = new Buffer(0);
            encryption.decrypt(bytes, from + StreamCodec.FRAME_HEADER, to, StreamCodec.FRAME_HEADER, plain);
            bytes = plain.bytes;
            from = 0;
            to = Freshness.end(bytes, 0, plain.size);
            if (format.freshness() != null) {
                format.freshness().check(bytes, to, plain.size);
            }
        }
        if (type(bytes, from, to) == MessageType.COMPRESS) {
            Buffer plain = new Buffer(0);
            Compression.unwrap(bytes, from + 1, to, plain, format.limits().maxDecompressed());
            bytes = plain.bytes;
            from = 0;
            to = plain.size;
        }
        return StreamBody.decode(bytes, from, to, format.limits());
    }

    /** A seed with the port of a web server, and a health check of the port of a member, are mistakes that people make. */
    private static void refuseOtherProtocols(byte[] bytes) throws WireException {
        String protocol = OtherProtocol.of(bytes);
        if (protocol != null) {
            throw new WireException(
                    Reason.UNSUPPORTED,
                    "message type (" + (bytes[0] & 0xff) + ") not supported on a stream: the other side speaks "
                            + protocol + " and is no member");
        }
    }

    private static int type(byte[] bytes, int from, int to) {
        return from < to ? bytes[from] & 0xff : -1;
    }

    private void append(byte[] bytes) throws WireException {
        if (size == 0) {
            refuseOtherProtocols(bytes);
            // Most messages arrive in one piece. It has no room left, so that nothing is ever written into it.
            buffer = bytes;
        } else {
            int needed = Math.addExact(size, bytes.length);
            if (needed > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length + (buffer.length >> 1)));
            }
            System.arraycopy(bytes, 0, buffer, size, bytes.length);
        }
        size += bytes.length;
    }

    /** {@return whether a stage was completed} */
    private boolean advance() throws WireException {
        return switch (stage) {
            case LABEL -> readLabel();
            case TYPE -> readType();
            case FRAME_HEADER -> readFrameHeader();
            case STREAM_HEADER -> readStreamHeader();
            case MAPS -> readMaps();
            case TAIL -> readTail();
            case WHOLE -> false;
        };
    }

    private boolean readLabel() throws WireException {
        start = label.strip(buffer, size);
        return start != LabelHeader.INCOMPLETE && enter(Stage.TYPE);
    }

    private boolean readType() throws WireException {
        if (size == start) {
            return false;
        }
        int type = buffer[start] & 0xff;
        if (type == MessageType.ENCRYPT) {
            if (format.keys() == null) {
                throw new WireException(Reason.DECRYPT, "remote state is encrypted and encryption is not configured");
            }
            return enter(Stage.FRAME_HEADER);
        }
        if (format.keys() != null && format.verifyIncoming()) {
            throw new WireException(Reason.DECRYPT, "encryption is configured but remote state is not encrypted");
        }
        maps = new MapScanner(start + 1L, start + 1L + maxMapBytes(type));
        mapsLeft = 1;
        return switch (type) {
            case MessageType.PING, MessageType.ACK, MessageType.ERROR, MessageType.COMPRESS -> enter(Stage.MAPS);
            case MessageType.PUSH_PULL, MessageType.USER -> enter(Stage.STREAM_HEADER);
            default -> throw StreamBody.unsupported(type);
        };
    }

    /** How much may come as maps. What is compressed may grow by half, if it does not compress at all. */
    private long maxMapBytes(int type) {
        long max = format.limits().maxDecompressed();
        return switch (type) {
            case MessageType.COMPRESS -> max + max / 2 + max / 1024 + 64;
            case MessageType.PUSH_PULL -> max;
            default -> SMALL_MESSAGE;
        };
    }

    private boolean readFrameHeader() throws WireException {
        int header = start + StreamCodec.FRAME_HEADER;
        if (size < header) {
            return false;
        }
        long length = 0;
        for (int i = start + 1; i < header; i++) {
            length = length << 8 | buffer[i] & 0xff;
        }
        int max = format.limits().maxEncrypted();
        if (length > max) {
            throw new WireException(
                    Reason.TOO_LARGE, "remote node state is larger than limit (" + max + "): " + length + " bytes");
        }
        end = header + (int) length;
        return enter(Stage.TAIL);
    }

    private boolean readStreamHeader() throws WireException {
        if (!maps.scan(buffer, size)) {
            return false;
        }
        MapReader in = new MapReader(buffer, start + 1, maps.position());
        StreamHeader header = StreamHeader.read(buffer[start], in, format.limits());
        mapsLeft = header.nodes();
        tail = header.tail();
        return enter(Stage.MAPS);
    }

    private boolean readMaps() throws WireException {
        while (mapsLeft > 0) {
            if (!maps.scan(buffer, size)) {
                return false;
            }
            mapsLeft--;
        }
        end = Math.addExact(maps.position(), tail);
        return enter(Stage.TAIL);
    }

    private boolean readTail() {
        if (size < end) {
            return false;
        }
        size = end;
        return enter(Stage.WHOLE);
    }

    private boolean enter(Stage next) {
        stage = next;
        return true;
    }

    /** What is read next. */
    enum Stage {
        LABEL,
        TYPE,
        /** The length of an encrypted message. */
        FRAME_HEADER,
        /** The first map of a push/pull or user message, which tells how much follows. */
        STREAM_HEADER,
        MAPS,
        TAIL,
        WHOLE
    }
}
