package io.memberlist.swim;

import io.memberlist.config.ProbeConfig;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.UnreachableException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pings a process by its name, in a packet and over a stream at the same time. A firewall may refuse connections to a process
 * that lives, and a packet may be lost, so where the connection is refused only several pings without an answer show that
 * the process is absent.
 */
final class DirectPresenceCheck implements PresenceCheck {
    private static final int PINGS_IF_REFUSED = 3;

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
        String name = Objects.requireNonNull(member.name(), "a member has a name");
        new Question(member, name, outcome).ask();
    }

    private final class Question {
        private final Recipient member;
        private final String name;
        private final Consumer<Presence> outcome;
        private StreamClient.Cancellable stream = () -> {};
        private @Nullable Presence byStream;
        private boolean pinging;
        private int unanswered;
        private boolean over;

        Question(Recipient member, String name, Consumer<Presence> outcome) {
            this.member = member;
            this.name = name;
            this.outcome = outcome;
        }

        void ask() {
            ping();
            ProbeConfig probe = context.config().probe();
            if (probe.disableStreamPings() || probe.disableStreamPingsFor().test(name)) {
                // Only a stream shows that nobody is there.
                byStream = Presence.SILENT;
                return;
            }
            stream = streams.ping(member, probe.interval().toNanos(), (nothing, failure) -> {
                if (failure == null) {
                    conclude(Presence.ANSWERS);
                } else {
                    byStream = presence(failure);
                    goOn();
                }
            });
        }

        private void ping() {
            pinging = true;
            pinger.ping(name, member.address()).whenComplete((roundTrip, failure) -> {
                pinging = false;
                if (failure == null) {
                    conclude(Presence.ANSWERS);
                } else {
                    unanswered++;
                    goOn();
                }
            });
        }

        private void goOn() {
            if (over || pinging || byStream == null) {
                return;
            }
            if (byStream == Presence.ABSENT && unanswered < PINGS_IF_REFUSED) {
                ping();
            } else {
                conclude(byStream);
            }
        }

        private static Presence presence(Throwable failure) {
            return Causes.find(failure, UnreachableException.class) != null ? Presence.ABSENT : Presence.SILENT;
        }

        private void conclude(Presence found) {
            if (!over) {
                over = true;
                stream.cancel();
                outcome.accept(found);
            }
        }
    }
}
