package io.memberlist.wire;

import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.UserMessage;

/**
 * Messages to the bytes of streams, and decoders for the way back. From the inside out: compression, encryption, label.
 * Safe for all threads if the nonce source is.
 */
public final class StreamCodec {
    /** Byte 10 and the length of what is encrypted; authenticated, and the label behind it. */
    static final int FRAME_HEADER = 5;

    private static final int INITIAL_SIZE = 128;

    private final WireFormat format;
    private final LabelHeader label;
    private final NonceSource nonces;

    /**
     * @param format how the cluster dresses its messages
     * @param nonces asked once for each encrypted message
     */
    public StreamCodec(WireFormat format, NonceSource nonces) {
        this.format = format;
        this.label = new LabelHeader(format);
        this.nonces = nonces;
    }

    /**
     * {@return what the dialler of a stream writes: the message behind the label header}
     *
     * @param message a ping, push/pull or user message
     * @throws IllegalArgumentException if a number is outside of its field's range, or the receiver would refuse the
     *     message because it is larger than the limits
     */
    public byte[] encodeRequest(Message message) {
        return encode(message, format.compression(), label.header().length);
    }

    /**
     * {@return as {@link #encodeRequest}, but never compressed: megabytes take longer to pack than to send, and whoever
     * reads compressed messages reads others}
     */
    public byte[] encodeUncompressedRequest(Message message) {
        return encode(message, Compression.NONE, label.header().length);
    }

    /**
     * {@return what the acceptor of a stream answers} It carries no label header, though its authentication covers the
     * label.
     *
     * @param message an ack, push/pull or error
     * @throws IllegalArgumentException as {@link #encodeRequest} does
     */
    public byte[] encodeAnswer(Message message) {
        return encode(message, format.compression(), 0);
    }

    /** {@return as {@link #encodeAnswer}, but never compressed} */
    public byte[] encodeUncompressedAnswer(Message message) {
        return encode(message, Compression.NONE, 0);
    }

    private byte[] encode(Message message, Compression wanted, int labelSize) {
        checkLimits(message);
        Buffer body = new Buffer(INITIAL_SIZE);
        body.skip(labelSize);
        StreamBody.write(message, body);
        Encryption encryption = encryption();
        // What fits only if it is compressed is, whatever it takes.
        boolean tooLong = encryption.encrypts()
                && encryption.encryptedSize(body.size - labelSize)
                        > format.limits().maxEncrypted();
        Compression compression = tooLong ? format.compression() : wanted;
        if (compression != Compression.NONE) {
            Buffer compressed = new Buffer(INITIAL_SIZE);
            compressed.skip(labelSize);
            new MapWriter(compressed, MessageType.COMPRESS).compressed(compression, body.bytes, labelSize, body.size);
            body = compressed; // whether or not it is smaller, as the Go library does on streams
        }
        Freshness freshness = format.freshness();
        if (encryption.encrypts() && freshness != null) {
            freshness.stamp(body);
        }
        byte[] out = encryption.encrypts() ? frame(body, labelSize, encryption) : body.toBytes();
        System.arraycopy(label.header(), 0, out, 0, labelSize);
        return out;
    }

    /** {@return the encrypted message behind its frame header, behind so many free bytes} */
    private byte[] frame(Buffer body, int free, Encryption encryption) {
        int size = encryption.encryptedSize(body.size - free);
        check("the encrypted message", size, format.limits().maxEncrypted());
        byte[] out = new byte[free + FRAME_HEADER + size];
        out[free] = (byte) MessageType.ENCRYPT;
        Buffer.INT.set(out, free + 1, size);
        encryption.encrypt(body, free, out, free + FRAME_HEADER, FRAME_HEADER);
        return out;
    }

    /** Of its own for each message, since several threads encode and decode. */
    private Encryption encryption() {
        return new Encryption(format, nonces, label.label());
    }

    /** {@return a decoder of one message for the acceptor of a stream, which expects the label header} */
    public StreamDecoder requestDecoder() {
        return new StreamDecoder(format, label, encryption(), StreamDecoder.Stage.LABEL);
    }

    /** {@return a decoder of one message for the dialler of a stream, which expects no label header} */
    public StreamDecoder answerDecoder() {
        return new StreamDecoder(format, label, encryption(), StreamDecoder.Stage.TYPE);
    }

    private void checkLimits(Message message) {
        if (message instanceof UserMessage user) {
            check("the user message", user.payload().length, format.limits().maxUserMessage());
        } else if (message instanceof PushPull state) {
            check("the user state", state.userState().length, format.limits().maxUserState());
        }
    }

    private static void check(String what, int size, int limit) {
        if (size > limit) {
            throw new IllegalArgumentException(
                    what + " has " + size + " bytes and exceeds limit (" + limit + "); make it smaller");
        }
    }
}
