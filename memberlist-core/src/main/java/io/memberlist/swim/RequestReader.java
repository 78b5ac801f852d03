package io.memberlist.swim;

import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gathers the request of an accepted stream. Its label tells which codec reads it, and writes the answer. */
final class RequestReader {
    private final Labels labels;
    private byte[] beginning = {};
    private @Nullable StreamCodec codec;
    private @Nullable StreamDecoder decoder;

    RequestReader(Labels labels) {
        this.labels = labels;
    }

    /**
     * {@return the decoder as soon as it holds one whole message, else null}
     *
     * @param bytes the next ones of the stream
     * @throws WireException as soon as they cannot become an acceptable message
     */
    @Nullable
    StreamDecoder feed(byte[] bytes) throws WireException {
        byte[] next = bytes;
        if (decoder == null) {
            next = beginning.length == 0 ? bytes : concat(beginning, bytes);
            Labels.Codecs codecs = labels.reading(next);
            if (codecs == null) {
                beginning = next;
                return null;
            }
            codec = codecs.streams();
            decoder = codec.requestDecoder();
        }
        return decoder.feed(next) ? decoder : null;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Lets go of what was gathered; the label stays known. */
    void forgetBytes() {
        decoder = null;
        beginning = new byte[0];
    }

    /** {@return how many bytes are held} */
    int bufferedBytes() {
        return decoder == null ? beginning.length : decoder.bufferedBytes();
    }

    /** {@return the codec for the answer; only after the label is known, as when a message is whole or was refused} */
    StreamCodec answering() {
        if (codec == null) {
            throw new IllegalStateException("the label is not known yet");
        }
        return codec;
    }
}
