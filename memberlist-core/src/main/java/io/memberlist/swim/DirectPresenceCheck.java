package io.memberlist.swim;

import io.memberlist.config.ProbeConfig;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.UnreachableException;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Ping;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pings a process by its name, in a packet and over a stream at the same time. */
final class DirectPresenceCheck implements PresenceCheck {
    private final Context context;
    private final Pinger pinger;
    private final StreamClient streams;

    DirectPresenceCheck(Context context, Pinger pinger, StreamClient streams) {
        this.context = context;
        this.pinger = pinger;
        this.streams = streams;
    }

    @Override
    public void ask(Recipient member, Consumer<Presence> outcome) {
        new Question(outcome).ask(member, Objects.requireNonNull(member.name(), "a member has a name"));
    }

    private final class Question {
        private final Consumer<Presence> outcome;
        private StreamClient.Cancellable stream = () -> {};
        private @Nullable Presence byStream;
        private boolean packetUnanswered;
        private boolean over;

        Question(Consumer<Presence> outcome) {
            this.outcome = outcome;
        }

        void ask(Recipient member, String name) {
            pinger.ping(name, member.address()).whenComplete((roundTrip, failure) -> {
                packetUnanswered = failure != null;
                conclude(failure == null ? Presence.ANSWERS : null);
            });
            ProbeConfig probe = context.config().probe();
            if (probe.disableStreamPings() || probe.disableStreamPingsFor().test(name)) {
                // Nothing tells a paused process from one that is gone, so it keeps its name as with the Go library.
                byStream = Presence.HANGS;
                return;
            }
            long timeoutNanos = probe.interval().toNanos();
            stream = streams.exchange(member, new Ping(0, name, context.source()), timeoutNanos, (answer, failure) -> {
                byStream = answer instanceof Ack ? Presence.ANSWERS : presence(failure);
                conclude(byStream);
            });
        }

        private static Presence presence(@Nullable Throwable failure) {
            if (failure instanceof NoAnswerException) {
                return Presence.HANGS;
            }
            return failure != null && Causes.find(failure, UnreachableException.class) != null
                    ? Presence.ABSENT
                    : Presence.SILENT;
        }

        private void conclude(@Nullable Presence found) {
            if (over) {
                return;
            }
            if (found == Presence.ANSWERS) {
                over = true;
                stream.cancel();
                outcome.accept(found);
            } else if (packetUnanswered && byStream != null) {
                over = true;
                outcome.accept(byStream);
            }
        }
    }
}
