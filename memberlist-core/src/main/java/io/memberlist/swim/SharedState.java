package io.memberlist.swim;

import io.memberlist.transport.Completion;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.StreamCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state with which many are answered together. It is encoded once, or once for each label where a member accepts several: the
 * same bytes go to all, with the same nonce where they are encrypted, which tells nobody more than one copy does.
 */
final class SharedState {
    private final PushPull state;
    private final Map<StreamCodec, Encoding> encodings = new HashMap<>();
    private int unfinished;
    private Runnable whenEncoded = () -> {};

    SharedState(PushPull state) {
        this.state = state;
    }

    /**
     * Encodes the state as an answer, unless that was done before.
     *
     * @param codec that of the receiver's label
     * @param encoder one of the encoders of the codec
     * @param then called on the loop with the bytes, which nobody must change, perhaps at once
     */
    void encode(StreamWork work, StreamCodec codec, Function<Message, byte[]> encoder, Completion<byte[]> then) {
        Encoding encoding = encodings.get(codec);
        if (encoding == null) {
            Encoding begun = new Encoding(then);
            encodings.put(codec, begun);
            unfinished++;
            work.encode(state, encoder, begun::finish);
        } else {
            encoding.await(then);
        }
    }

    /** Calls an action when everything is encoded that was asked for, perhaps at once. */
    void whenEncoded(Runnable action) {
        whenEncoded = action;
        if (unfinished == 0) {
            action.run();
        }
    }

    private final class Encoding {
        private final List<Completion<byte[]>> waiting = new ArrayList<>();
        private boolean finished;
        private byte @Nullable [] bytes;
        private @Nullable Throwable failure;

        Encoding(Completion<byte[]> first) {
            waiting.add(first);
        }

        void await(Completion<byte[]> then) {
            if (finished) {
                then.done(bytes, failure);
            } else {
                waiting.add(then);
            }
        }

        void finish(byte @Nullable [] encoded, @Nullable Throwable why) {
            finished = true;
            bytes = encoded;
            failure = why;
            unfinished--;
            try {
                waiting.forEach(each -> each.done(encoded, why));
                waiting.clear();
            } finally {
                if (unfinished == 0) {
                    whenEncoded.run();
                }
            }
        }
    }
}
