package io.memberlist.swim;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.broadcast.NamedBroadcast;
import io.memberlist.broadcast.TransmitLimitedQueue;
import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.delegate.Delegate;
import io.memberlist.member.MemberlistException;
import io.memberlist.metrics.DropReason;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Holds what waits to be gossiped: messages about members, and user broadcasts. Messages about members go first, but a
 * quarter of every packet belongs to user broadcasts while any wait, so that a storm of the others cannot starve them. A
 * larger user broadcast waits until the quarters of a few packets, which messages about members have used meanwhile, add up
 * to it. A message about a member that is too large to share a packet has three packets of four.
 */
final class Dissemination {
    private static final int USER_SHARE = 4;
    private static final int TYPE_BYTE = 1;
    private static final int MAX_PASSED_ON = 512;

    private final Context context;
    private final int maxMessage;
    private final TransmitLimitedQueue membership;
    private final TransmitLimitedQueue user;
    /** What the {@link Delegate} gave: each goes out once, since the delegate itself repeats what it wants repeated. */
    private final TransmitLimitedQueue delegated = new TransmitLimitedQueue(() -> 1);

    /** Messages that every member passes on. Bounded: what is dropped here, others pass on. */
    private final TransmitLimitedQueue passedOn;

    /** What the application's bytes wait in, in the order in which they go out. */
    private final List<TransmitLimitedQueue> payloads;

    private boolean askingDelegate;
    /** Bytes of past packets that belonged to user broadcasts, and that these have not used yet. */
    private int userCredit;

    private volatile int size;
    private Runnable filled = () -> {};

    /** @param maxMessage the longest encoded message that fits a packet of gossip */
    Dissemination(Context context, int maxMessage) {
        this.context = context;
        this.maxMessage = maxMessage;
        int multiplier = context.config().gossip().retransmitMultiplier();
        IntSupplier limit =
                () -> Formulas.retransmitLimit(multiplier, context.table().size());
        membership = new TransmitLimitedQueue(limit);
        user = new TransmitLimitedQueue(limit);
        passedOn = new TransmitLimitedQueue(limit);
        payloads = List.of(user, delegated, passedOn);
    }

    /** Sets what is called when something waits again after nothing did. */
    void whenFilled(Runnable action) {
        filled = action;
    }

    /** {@return whether nothing waits, and nobody has to be asked for more} */
    boolean isIdle() {
        return size == 0 && context.config().delegates().delegate() == null;
    }

    /** Gossips a message about a member, in place of an older one about it. */
    void queue(String member, Message message) {
        queue(member, message, () -> {});
    }

    /**
     * Gossips a message about a member, in place of an older one about it.
     *
     * @param finished called when it has been sent often enough, or was replaced
     */
    void queue(String member, Message message, Runnable finished) {
        byte[] encoded = MessageCodec.encode(message);
        if (encoded.length > maxMessage) {
            // It would never leave: no packet has room for it.
            context.dropped(DropReason.TOO_LARGE, LogEvent.NEWS_TOO_LARGE, member, encoded.length);
            finished.run();
            return;
        }
        membership.queue(new MemberBroadcast(member, message instanceof Alive, encoded, finished));
        count();
    }

    /**
     * Spreads a broadcast of the application; {@link Broadcast#message()} is the payload.
     *
     * @throws MemberlistException if no packet has room for it
     */
    void queueUser(Broadcast broadcast) {
        int length = broadcast.message().length;
        int max = maxMessage - TYPE_BYTE;
        if (length > max) {
            throw new MemberlistException("a broadcast of " + length + " bytes does not fit a packet, which takes "
                    + max + ": make it smaller, or raise " + context.config().settingName("network.udpBufferSize")
                    + " at every member");
        }
        user.queue(broadcast);
        count();
    }

    /**
     * Spreads a message that others pass on as well, after the application's own. Where too many wait, the one sent most
     * often makes room.
     *
     * @param message made only if there is room
     * @return false if it was not taken in, since none of those that wait was ever sent
     */
    boolean passOn(Supplier<byte[]> message) {
        if (!passedOn.hasRoom(MAX_PASSED_ON)) {
            return false;
        }
        byte[] payload = message.get();
        if (payload.length > maxMessage - TYPE_BYTE) {
            return false;
        }
        passedOn.queue((UniqueBroadcast) () -> payload);
        passedOn.prune(MAX_PASSED_ON);
        count();
        return true;
    }

    /**
     * Asks the delegate, off the loop, for what the next packets of gossip shall carry. The Go library asks while it
     * fills each packet; here the loop does not wait for the application, which is asked as often but a round ahead.
     */
    void askDelegate(int packets, int overhead) {
        Delegate delegate = context.config().delegates().delegate();
        if (delegate == null || askingDelegate || delegated.size() > 0) {
            return;
        }
        askingDelegate = true;
        List<byte[]> given = new ArrayList<>();
        Supplier<List<byte[]>> question = () -> {
            for (int i = 0; i < packets; i++) {
                given.addAll(delegate.broadcasts(overhead + TYPE_BYTE, maxMessage));
            }
            return given;
        };
        context.ask(question, given, answer -> {
            askingDelegate = false;
            answer.forEach(this::delegated);
        });
    }

    private void delegated(byte[] payload) {
        if (payload.length > maxMessage - TYPE_BYTE) {
            context.log().droppedSelf(DropReason.TOO_LARGE, LogEvent.BROADCAST_TOO_LARGE, payload.length);
            return;
        }
        delegated.queue((UniqueBroadcast) () -> payload);
        count();
    }

    /**
     * Takes what fits into a packet.
     *
     * @param to the receiver, which need not be notified that it is alive; empty where its name is not known
     * @param overhead bytes each message costs beside its own
     * @param limit bytes available
     * @return encoded messages
     */
    List<byte[]> take(String to, int overhead, int limit) {
        if (size == 0 || limit <= overhead) {
            return List.of();
        }
        int userOverhead = overhead + TYPE_BYTE;
        List<byte[]> messages = new ArrayList<>(membership.take(
                overhead,
                limit - reserve(overhead, limit),
                broadcast -> broadcast instanceof MemberBroadcast about
                        && about.alive()
                        && about.name().equals(to)));
        int used = 0;
        for (byte[] message : messages) {
            used += message.length + overhead;
        }
        int usedByMembers = used;
        for (TransmitLimitedQueue queue : payloads) {
            for (byte[] payload : queue.take(userOverhead, limit - used)) {
                messages.add(MessageCodec.encode(new UserMessage(payload)));
                used += payload.length + userOverhead;
            }
        }
        userCredit = Math.max(0, userCredit - (used - usedByMembers));
        count();
        return messages;
    }

    /** {@return the bytes of this packet to keep for the application: none where it could not use them} */
    private int reserve(int overhead, int limit) {
        int waiting = size - membership.size();
        if (waiting == 0) {
            userCredit = 0;
            return 0;
        }
        // A packet with little room, such as one that carries an ack as well, takes nothing from what was saved.
        userCredit = Math.max(userCredit, Math.min(limit, userCredit + limit / USER_SHARE));
        int userOverhead = overhead + TYPE_BYTE;
        int first = -1;
        long wanted = (long) waiting * userOverhead;
        for (TransmitLimitedQueue queue : payloads) {
            first = Math.max(first, queue.nextLength(userOverhead, limit));
            wanted += queue.bytes();
        }
        if (first < 0 || first + userOverhead > userCredit) {
            return 0;
        }
        int kept = (int) Math.min(Math.min(userCredit, limit), wanted);
        if (membership.nextLength(overhead, limit) + overhead > limit - kept) {
            // A message that fits only where no user broadcast waits must not wait for that: they take turns, and user
            // broadcasts have the quarter that is theirs.
            if (userCredit < limit) {
                return 0;
            }
            userCredit = kept;
        }
        return kept;
    }

    /** {@return the longest encoded message that fits a packet of gossip} */
    int maxMessage() {
        return maxMessage;
    }

    /** {@return how many broadcasts wait; to be read from anywhere} */
    int size() {
        return size;
    }

    /** {@return how many messages about members wait} */
    int aboutMembers() {
        return membership.size();
    }

    /** {@return how many wait in queues without a bound} The queue of what is passed on reaches its bound in normal traffic. */
    int unbounded() {
        return membership.size() + user.size() + delegated.size();
    }

    /** Drops everything, and notifies those that wait for it. */
    void clear() {
        membership.clear();
        payloads.forEach(TransmitLimitedQueue::clear);
        count();
    }

    private void count() {
        boolean wasEmpty = size == 0;
        size = membership.size() + user.size() + delegated.size() + passedOn.size();
        if (wasEmpty && size > 0) {
            filled.run();
        }
    }

    private record MemberBroadcast(String name, boolean alive, byte[] message, Runnable whenFinished)
            implements NamedBroadcast {
        @Override
        public void finished() {
            whenFinished.run();
        }
    }
}
