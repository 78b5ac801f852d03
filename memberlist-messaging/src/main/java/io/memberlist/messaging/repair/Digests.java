package io.memberlist.messaging.repair;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.outbox.Sending;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells others what is in the store, and finds out what is missing here: with a random member now and then while there is
 * something to tell, and with the other side of every push/pull.
 */
public final class Digests {
    private static final int ROUNDS_OF_GOSSIP = 5;
    private static final long LEAST_INTERVAL_NANOS = 200_000_000;
    /** Without news for so long, digests become rare. */
    private static final long QUIET_NANOS = 30_000_000_000L;

    private static final int QUIET_FACTOR = 10;
    /** For so long after something had to be repaired digests are frequent: what loses one packet loses others. */
    private static final long LOSSY_NANOS = 5_000_000_000L;

    private static final int MAX_PACKETS = 4;
    /** More than fit so many packets of the usual size: whoever asks must not make this member list all of a long store. */
    private static final int MAX_ENTRIES = 256;

    private static final int MAX_SESSIONS = 16;
    private static final int MAX_FRUITLESS = 3;
    private static final int MAX_REPLIES = 2;
    private static final long SESSION_NANOS = 300_000_000;

    private final ExtensionContext context;
    private final Sending sending;
    private final Store store;
    private final Fetches fetches;
    private final Peers peers;
    private final long intervalNanos;
    private final long lossyIntervalNanos;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Integer> replies = new HashMap<>();
    /** Apart from the others, so that forged questions do not use up the replies to real ones. */
    private final Map<String, Integer> repliesToUnproved = new HashMap<>();

    private long repliesSinceNanos;
    private EventLoop.Timer timer = () -> {};
    private boolean running;
    private boolean stopped;
    private long lastNewsNanos;
    private int round;
    private long repairedBefore;
    private long lossyUntilNanos;

    Digests(Sending sending, Store store, Fetches fetches, Peers peers) {
        this.context = sending.context();
        this.sending = sending;
        this.store = store;
        this.fetches = fetches;
        this.peers = peers;
        long gossipIntervalNanos = context.gossipInterval().toNanos();
        this.intervalNanos = Math.max(LEAST_INTERVAL_NANOS, ROUNDS_OF_GOSSIP * gossipIntervalNanos);
        this.lossyIntervalNanos = Math.max(LEAST_INTERVAL_NANOS, gossipIntervalNanos);
        this.lossyUntilNanos = context.loop().nanoTime();
    }

    /** Something new is in the store. */
    public void newsStored() {
        lastNewsNanos = context.loop().nanoTime();
        if (!running && !stopped) {
            running = true;
            // Members that hear of the first message together do not act together.
            schedule(context.loop().random().nextLong(intervalNanos) + 1);
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
        sessions.clear();
    }

    private void schedule(long delayNanos) {
        timer = context.loop().schedule(delayNanos, this::round);
    }

    private void round() {
        store.sweep();
        if (store.size() == 0 || stopped) {
            running = false;
            return;
        }
        // A member that does not keep up must not ask for more: that is how an overload would feed itself.
        if (context.behind()) {
            schedule(intervalNanos);
            return;
        }
        boolean quiet = context.loop().nanoTime() - lastNewsNanos > QUIET_NANOS;
        if (!quiet || ++round % QUIET_FACTOR == 0) {
            Member partner = anyOf(peers::mayBeAskedInPacket);
            if (partner != null) {
                ask(partner, 1);
            }
        }
        schedule(isLossy() ? lossyIntervalNanos : intervalNanos);
    }

    private boolean isLossy() {
        long now = context.loop().nanoTime();
        long count = repaired();
        if (count > repairedBefore) {
            repairedBefore = count;
            lossyUntilNanos = now + LOSSY_NANOS;
        }
        return lossyUntilNanos - now > 0;
    }

    /** {@return how many messages came that had been missed, so far} */
    private long repaired() {
        return sending.counters().repaired.sum();
    }

    /** {@return a random live member that exchanges digests, and so answers fetches; null if none is known} */
    @Nullable
    Member somebody() {
        return anyOf(peers::isReliable);
    }

    /** {@return the member that sent the broadcasts of an origin; null if it is gone, or another process has its name by now} */
    @Nullable
    Member home(Origin origin) {
        Member home = context.member(origin.name());
        boolean isHome = home != null
                && home.state().isLive()
                && !origin.name().equals(sending.self().name())
                && !peers.isFormer(origin);
        return isHome ? home : null;
    }

    private @Nullable Member anyOf(Predicate<Member> eligible) {
        List<Member> others = context.others();
        if (others.isEmpty()) {
            return null;
        }
        int start = context.loop().random().nextInt(others.size());
        for (int i = 0; i < others.size(); i++) {
            Member candidate = others.get((start + i) % others.size());
            if (eligible.test(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Exchanges digests with a member that a push/pull was just done with. */
    public void exchange(Member with) {
        if (peers.isReliable(with)) {
            ask(with, MAX_PACKETS);
        } else if (peers.mayBeAskedOverStream(with)) {
            // Streams to it work, and tell whether the digest has arrived: only then is no answer an answer.
            peers.askedOverStream(with, true);
            sending.streams().send(with, digests(with, true, 1).get(0), (nothing, failure) -> {
                if (failure != null) {
                    peers.askedOverStream(with, false);
                }
            });
        }
    }

    /** Finds out which of some members exchange digests, before one of them is relied upon. */
    public void introduce(List<Member> strangers) {
        strangers.forEach(stranger -> ask(stranger, 1));
    }

    private void ask(Member member, int packets) {
        peers.askedInPacket(member);
        tell(member, true, packets);
    }

    private void tell(Member to, boolean replyWanted, int packets) {
        digests(to, replyWanted, packets).forEach(digest -> sending.outbox().toOne(to, digest, Completion.IGNORED));
    }

    private List<byte[]> digests(Member to, boolean replyWanted, int most) {
        List<Inventory.Entry> all = store.inventory(Inventory.MAX_RUNS, MAX_ENTRIES);
        if (!all.isEmpty()) {
            // Where not all fit, others come next time.
            Collections.rotate(all, context.loop().random().nextInt(all.size()));
        }
        return new Inventory(EnvelopeFormat.DIGEST, sending.self(), replyWanted, all)
                .with(sending.tokens().proofFor(to, most))
                .pack(context.maxPayload(), most);
    }

    /** Answers a question whose sender may be another one than it says: with a token, by which the member can ask again. */
    public void askToProve(Member from) {
        if (sending.outbox().hasRoomFor(from, MAX_PACKETS) && mayReply(from, repliesToUnproved)) {
            Inventory again =
                    Inventory.askAgain(sending.self(), sending.tokens().proofFor(from, 1));
            sending.outbox().toOne(from, again.toBytes(), Completion.IGNORED);
        }
    }

    /** A member could not know that a question came from here. */
    public void askedAgain(Member by) {
        if (!context.behind() && sending.tokens().takeAsked(by)) {
            fetches.forgetAskedOf(by);
            ask(by, 1);
        }
    }

    /** A member says what it has. */
    public void received(Member from, Inventory digest) {
        if (digest.replyWanted()
                && !context.behind()
                && sending.outbox().hasRoomFor(from, MAX_PACKETS)
                && mayReply(from, replies)) {
            tell(from, false, MAX_PACKETS);
        }
        int missing = context.behind() ? 0 : fetches.want(from, digest.entries());
        if (missing > 0 && (sessions.size() < MAX_SESSIONS || sessions.containsKey(from.name()))) {
            Session session = new Session(from, digest.entries(), repaired());
            sessions.put(from.name(), session);
            context.loop().schedule(SESSION_NANOS, () -> goOn(session));
        }
    }

    /**
     * {@return whether a digest is answered} Anybody can send one in another's name, and the answer is many times as long:
     * nobody needs more than a few in a round.
     */
    private boolean mayReply(Member to, Map<String, Integer> soFar) {
        long now = context.loop().nanoTime();
        if (now - repliesSinceNanos > LEAST_INTERVAL_NANOS) {
            repliesSinceNanos = now;
            replies.clear();
            repliesToUnproved.clear();
        }
        return soFar.merge(to.name(), 1, Integer::sum) <= MAX_REPLIES;
    }

    /** Asks for the rest of what a digest offered, as long as that leads somewhere. */
    private void goOn(Session session) {
        if (stopped || sessions.get(session.from.name()) != session) {
            return;
        }
        if (context.behind()) {
            context.loop().schedule(SESSION_NANOS, () -> goOn(session));
            return;
        }
        int missing = fetches.want(session.from, session.offered);
        long now = repaired();
        session.fruitless = now > session.repaired ? 0 : session.fruitless + 1;
        session.repaired = now;
        if (missing == 0 || session.fruitless >= MAX_FRUITLESS) {
            sessions.remove(session.from.name());
        } else {
            context.loop().schedule(SESSION_NANOS, () -> goOn(session));
        }
    }

    private static final class Session {
        final Member from;
        final List<Inventory.Entry> offered;
        long repaired;
        int fruitless;

        Session(Member from, List<Inventory.Entry> offered, long repaired) {
            this.from = from;
            this.offered = offered;
            this.repaired = repaired;
        }
    }
}
