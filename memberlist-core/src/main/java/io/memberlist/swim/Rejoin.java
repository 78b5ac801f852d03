package io.memberlist.swim;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportException;
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
    private final Pinger pinger;

    Rejoin(Context context, StateSync stateSync, StreamClient streams, Pinger pinger) {
        this.context = context;
        this.stateSync = stateSync;
        this.streams = streams;
        this.pinger = pinger;
    }

    /** @param completion notified on the loop, once */
    StreamClient.Cancellable with(Recipient who, Completion<Void> completion) {
        Steps steps = new Steps(who, completion);
        steps.pingOverStream();
        return steps;
    }

    /**
     * As {@link #with}, if a packet is answered first. Who was given up because no packet passes shall not be called back
     * over a stream, only to be given up again.
     */
    StreamClient.Cancellable ifPacketsPass(Recipient who, Completion<Void> completion) {
        Steps steps = new Steps(who, completion);
        steps.pingByPacket();
        return steps;
    }

    /** The steps, in their order. */
    private final class Steps implements StreamClient.Cancellable {
        private final Recipient who;
        private final Completion<Void> completion;
        private StreamClient.@Nullable Cancellable pinging;
        private StreamClient.@Nullable Cancellable exchanging;
        private boolean over;

        Steps(Recipient who, Completion<Void> completion) {
            this.who = who;
            this.completion = completion;
        }

        void pingByPacket() {
            pinger.ping(who).whenComplete((roundTrip, failure) -> {
                if (failure != null) {
                    end(null, failure);
                } else {
                    pingOverStream();
                }
            });
        }

        void pingOverStream() {
            if (over) {
                return;
            }
            if (who.name() == null) {
                exchange();
                return;
            }
            pinging = streams.ping(who, context.streamTimeoutNanos(), this::answered);
        }

        private void answered(@Nullable Void nothing, @Nullable Throwable failure) {
            if (over) {
                return;
            }
            if (failure == null) {
                exchange();
            } else {
                end(null, failure);
            }
        }

        private void exchange() {
            exchanging = stateSync.join(who, context.tombstones().failed(), this::end);
        }

        private void end(@Nullable Void nothing, @Nullable Throwable failure) {
            if (!over) {
                over = true;
                completion.done(null, failure);
            }
        }

        @Override
        public void cancel() {
            if (exchanging != null) {
                exchanging.cancel();
            } else if (pinging != null) {
                pinging.cancel();
            }
            end(null, new TransportException("gave up on " + Addresses.text(who.address())));
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
