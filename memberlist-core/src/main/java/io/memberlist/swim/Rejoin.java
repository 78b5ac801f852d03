package io.memberlist.swim;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Ping;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges state with somebody who was lost, or who may be the way back into the cluster. The tombstones of failed members
 * are sent too: those of them that live on the other side refute.
 *
 * <p>By now another process may have the address, even a member of another cluster. Where the name of the member is known,
 * only that member answers a ping by its name, and only then state is exchanged. Where only an address is known, as that of
 * most seeds, anybody there will do.
 */
final class Rejoin {
    private final Context context;
    private final StateSync stateSync;
    private final StreamClient streams;

    Rejoin(Context context, StateSync stateSync, StreamClient streams) {
        this.context = context;
        this.stateSync = stateSync;
        this.streams = streams;
    }

    /** @param completion notified on the loop, once */
    StreamClient.Cancellable with(Recipient who, Completion<Void> completion) {
        String name = who.name();
        return name == null ? exchange(who, completion) : new ByName(who, name, completion).begin();
    }

    private StreamClient.Cancellable exchange(Recipient who, Completion<Void> completion) {
        return stateSync.join(who, context.tombstones().failed(), completion);
    }

    /** A ping over a stream, and then the exchange. */
    private final class ByName implements StreamClient.Cancellable {
        private final Recipient who;
        private final String name;
        private final Completion<Void> completion;
        private StreamClient.@Nullable Cancellable pinging;
        private StreamClient.@Nullable Cancellable exchanging;

        ByName(Recipient who, String name, Completion<Void> completion) {
            this.who = who;
            this.name = name;
            this.completion = completion;
        }

        ByName begin() {
            Ping ping = new Ping(0, name, context.source());
            pinging = streams.exchange(who, ping, context.streamTimeoutNanos(), this::answered);
            return this;
        }

        private void answered(@Nullable Message answer, @Nullable Throwable failure) {
            if (answer instanceof Ack) {
                exchanging = exchange(who, completion);
            } else {
                String text = "'" + name + "' is not at " + Addresses.text(who.address());
                completion.done(null, failure != null ? failure : new TransportException(text));
            }
        }

        @Override
        public void cancel() {
            // A ping that is over takes no notice.
            if (pinging != null) {
                pinging.cancel();
            }
            if (exchanging != null) {
                exchanging.cancel();
            }
        }

        @Override
        public void cancelUnlessSent() {
            if (exchanging != null) {
                exchanging.cancelUnlessSent();
            } else {
                // A ping tells nothing of this member that has to be taken back.
                cancel();
            }
        }
    }
}
