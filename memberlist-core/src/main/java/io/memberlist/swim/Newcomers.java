package io.memberlist.swim;

import io.memberlist.metrics.DropReason;
import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks newcomers of whom a stranger tells whether they exist, before they become members. The Go library takes in whoever is
 * told of, so that a few kilobytes of anybody bring thousands of members that do not exist: each of them is probed, suspected
 * and gossiped about, and between them a real failure is not noticed for minutes.
 *
 * <p>A newcomer that answers is a member one round trip later. Nobody is asked of whom a live member tells in its gossip, or
 * a process that this member has asked for its state. While a cluster forms, nobody is asked at all: most members do not know
 * each other yet, and each would ask each.
 *
 * <p>A few that do not answer become members all the same, as in the Go library: another member may reach them, and the
 * failure detector decides.
 */
final class Newcomers {
    /** How long this member takes in everybody, once it knows another member, or longer until it has caught up. */
    static final long FORMING_NANOS = 10_000_000_000L;

    /**
     * How many are asked at the same time because of packets, and because of states: who forges the senders of packets must
     * not keep out those who join. What the asked are sent stays below 400 kB a second.
     */
    private static final int MOST_ASKED = 1024;

    private static final int UNANSWERED_PER_MINUTE = 4;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final Context context;
    private final PresenceCheck check;
    private final Admission admission;
    private final RateLimit unanswered;
    private final AddressQuota byPackets = new AddressQuota(MOST_ASKED);
    private final AddressQuota byStates = new AddressQuota(MOST_ASKED);
    /** By name and address: who claims the name of a newcomer must not keep it out. */
    private final SortedMap<Recipient, Asked> asked = new TreeMap<>();

    private final Map<String, Name> names = new HashMap<>();

    private boolean stopped;

    /** Makes members of newcomers. */
    interface Admission {
        /**
         * A newcomer is to become a member.
         *
         * @param answered whether it has answered
         */
        void admit(Alive newcomer, boolean answered);

        /** A newcomer that has become a member had left before that. */
        void leave(Dead leave);

        /** A newcomer has answered, of whom somebody told among too many others to ask them all: it may vouch for those. */
        void exchange(Recipient with);
    }

    Newcomers(Context context, PresenceCheck check, Admission admission) {
        this.context = context;
        this.check = check;
        this.admission = admission;
        this.unanswered = new RateLimit(context.loop(), UNANSWERED_PER_MINUTE, MINUTE_NANOS);
    }

    void stop() {
        stopped = true;
    }

    /** {@return whether newcomers are asked of whom this teller tells} */
    boolean mustBeAsked(Teller teller) {
        return !context.table().isForming(FORMING_NANOS) && !teller.vouches();
    }

    /** Asks a newcomer, unless it is being asked, or too many are. */
    void ask(Alive newcomer, Teller teller) {
        Recipient recipient = new Recipient(Addresses.of(newcomer), newcomer.node());
        Asked before = asked.get(recipient);
        if (before != null) {
            before.hear(newcomer);
            return;
        }
        AddressQuota quota = teller.isAddressProven() ? byStates : byPackets;
        if (stopped || !teller.mayTellOf(newcomer.node()) || !quota.tryAcquire(teller.address(), 1)) {
            context.counters().drop(DropReason.UNKNOWN_NEWCOMER);
            return;
        }
        Asked now = new Asked(recipient, newcomer, teller);
        asked.put(recipient, now);
        check.askNewcomer(recipient, answered -> {
            quota.release(teller.address(), 1);
            now.forget();
            if (!stopped) {
                now.done(answered);
            }
        });
    }

    /**
     * A process that is no member has left. Where it is being asked, it leaves once it is a member. That somebody takes it for failed
     * says nothing: it answers, or it is no member.
     */
    void left(Dead leave) {
        Name name = names.get(leave.node());
        if (name != null && (name.leave == null || leave.incarnation() > name.leave.incarnation())) {
            name.leave = leave;
        }
    }

    /** A name under which processes are being asked. */
    private static final class Name {
        private int asked;
        private @Nullable Dead leave;
    }

    private final class Asked {
        private final Recipient recipient;
        private final Teller teller;
        private final Name name;
        private Alive latest;

        Asked(Recipient recipient, Alive newcomer, Teller teller) {
            this.recipient = recipient;
            this.teller = teller;
            this.latest = newcomer;
            this.name = names.computeIfAbsent(newcomer.node(), node -> new Name());
            name.asked++;
        }

        void hear(Alive newcomer) {
            if (newcomer.incarnation() > latest.incarnation()) {
                latest = newcomer;
            }
        }

        private void forget() {
            asked.remove(recipient);
            name.asked--;
            if (name.asked == 0) {
                names.remove(latest.node());
            }
        }

        private void done(boolean answered) {
            Dead leave = name.leave;
            boolean over = leave != null && leave.incarnation() >= latest.incarnation();
            if (answered || !over && unanswered.tryAcquire()) {
                admission.admit(latest, answered);
                if (leave != null) {
                    admission.leave(leave);
                }
            } else {
                context.droppedAbout(
                        latest.node(),
                        DropReason.UNKNOWN_NEWCOMER,
                        LogEvent.NEWCOMER_UNANSWERED,
                        latest.node(),
                        Addresses.text(recipient.address()));
            }
            if (answered && teller.takeRest()) {
                admission.exchange(recipient);
            }
        }
    }
}
