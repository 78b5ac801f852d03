package io.memberlist.swim;

import io.memberlist.metrics.Measurement;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import java.util.function.Function;

/** Encodes and decodes stream messages: small ones at once, large ones off the loop, since compressing takes long. */
final class StreamWork {
    private static final int LARGE_BYTES = 16 * 1024;
    /** What arrives may be compressed, and then unpacks to a few thousand times its size. */
    private static final int LARGE_TO_DECODE = 1024;

    private static final int LARGE_NODES = 100;

    private final EventLoop loop;
    private final Counters counters;

    StreamWork(EventLoop loop, Counters counters) {
        this.loop = loop;
        this.counters = counters;
    }

    /** Encodes a message with one of the encoders of a {@link StreamCodec}. */
    void encode(Message message, Function<Message, byte[]> encoder, Completion<byte[]> then) {
        Completion<byte[]> outcome = (bytes, failure) -> {
            if (bytes != null && message instanceof PushPull) {
                counters.measure(Measurement.STATE_SENT, bytes.length);
            }
            then.done(bytes, failure);
        };
        if (isLarge(message)) {
            loop.offload(() -> encoder.apply(message), outcome);
            return;
        }
        byte[] encoded;
        try {
            encoded = encoder.apply(message);
        } catch (RuntimeException e) {
            outcome.done(null, e);
            return;
        }
        outcome.done(encoded, null);
    }

    /** Decodes the whole message that a decoder has gathered. */
    void decode(StreamDecoder decoder, Completion<Message> then) {
        int size = decoder.bufferedBytes();
        Completion<Message> outcome = (message, failure) -> {
            if (message instanceof PushPull) {
                counters.measure(Measurement.STATE_RECEIVED, size);
            }
            then.done(message, failure);
        };
        if (decoder.bufferedBytes() > LARGE_TO_DECODE) {
            loop.offload(decoder::decode, outcome);
            return;
        }
        Message message;
        try {
            message = decoder.decode();
        } catch (WireException e) {
            outcome.done(null, e);
            return;
        }
        outcome.done(message, null);
    }

    private static boolean isLarge(Message message) {
        if (message instanceof PushPull state) {
            return state.nodes().size() > LARGE_NODES || state.userState().length > LARGE_BYTES;
        }
        return message instanceof UserMessage user && user.payload().length > LARGE_BYTES;
    }
}
