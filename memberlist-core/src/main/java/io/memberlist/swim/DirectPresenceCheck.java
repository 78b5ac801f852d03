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
    public void askHolder(Recipient holder, Consumer<Presence> outcome) {
        new Question(holder, PINGS_IF_REFUSED, outcome).ask();
    }

    @Override
    public void askClaimant(Recipient claimant, Consumer<Boolean> answers) {
        if (mayPingByStream(name(claimant))) {
            streams.ping(claimant, intervalNanos(), (nothing, failure) -> answers.accept(failure == null));
        } else {
            pinger.ping(claimant).whenComplete((roundTrip, failure) -> answers.accept(failure == null));
        }
    }

    @Override
    public void askNewcomer(Recipient newcomer, Consumer<Boolean> answers) {
        pinger.ping(newcomer).whenComplete((roundTrip, failure) -> {
            if (failure == null) {
                answers.accept(true);
            } else {
                // Anybody can have any address asked, so it is sent little.
                new Question(newcomer, 1, found -> answers.accept(found == Presence.ANSWERS)).ask();
            }
        });
    }

    private static String name(Recipient process) {
        return Objects.requireNonNull(process.name(), "a member has a name");
    }

    private boolean mayPingByStream(String name) {
        ProbeConfig probe = context.config().probe();
        return !probe.disableStreamPings() && !probe.disableStreamPingsFor().test(name);
    }

    private long intervalNanos() {
        return context.config().probe().interval().toNanos();
    }

    private final class Question {
        private final Recipient member;
        private final int pingsIfRefused;
        private final Consumer<Presence> outcome;
        private StreamClient.Cancellable stream = () -> {};
        private @Nullable Presence byStream;
        private boolean pinging;
        private int unanswered;
        private boolean over;

        Question(Recipient member, int pingsIfRefused, Consumer<Presence> outcome) {
            this.member = member;
            this.pingsIfRefused = pingsIfRefused;
            this.outcome = outcome;
        }

        void ask() {
            ping();
            if (!mayPingByStream(name(member))) {
                // Only a stream tells a paused process from one that is gone.
                byStream = Presence.HANGS;
                return;
            }
            stream = streams.ping(member, intervalNanos(), (nothing, failure) -> {
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
            pinger.ping(member).whenComplete((roundTrip, failure) -> {
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
            if (byStream == Presence.ABSENT && unanswered < pingsIfRefused) {
                ping();
            } else {
                conclude(byStream);
            }
        }

        private static Presence presence(Throwable failure) {
            if (failure instanceof NoAnswerException) {
                return Presence.HANGS;
            }
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
