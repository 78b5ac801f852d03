package io.memberlist.swim;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.broadcast.NamedBroadcast;
import io.memberlist.broadcast.TransmitLimitedQueue;
import io.memberlist.wire.Message;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.UserMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits to be gossiped: news about members, and the application's broadcasts. News goes first, but a quarter of
 * every packet is the application's while it has something waiting, so that a storm of news cannot starve it. A broadcast
 * that is larger than that waits until the quarters of a few packets, which news has meanwhile used, add up to it.
 */
final class Dissemination {
    private static final int USER_SHARE = 4;

    private final TransmitLimitedQueue news;
    private final TransmitLimitedQueue user;
    /** Bytes of packets that are the application's and that it has not used yet. */
    private int userCredit;

    private volatile int size;

    Dissemination(Context context) {
        int multiplier = context.config().retransmitMultiplier();
        news = new TransmitLimitedQueue(
                () -> Formulas.retransmitLimit(multiplier, context.table().size()));
        user = new TransmitLimitedQueue(
                () -> Formulas.retransmitLimit(multiplier, context.table().size()));
    }

    /**
     * Spreads news about a member, in place of older news about it.
     *
     * @param finished called when it has been sent often enough, or was replaced
     */
    void news(String member, Message message, Runnable finished) {
        news.queue(new News(member, MessageCodec.encode(message), finished));
        size = news.size() + user.size();
    }

    /** Spreads a broadcast of the application; {@link Broadcast#message()} is the payload. */
    void user(Broadcast broadcast) {
        user.queue(broadcast);
        size = news.size() + user.size();
    }

    /**
     * Takes what fits into a packet.
     *
     * @param overhead bytes each message costs beside its own
     * @param limit bytes available
     * @return encoded messages
     */
    List<byte[]> take(int overhead, int limit) {
        if (news.size() + user.size() == 0 || limit <= overhead) {
            return List.of();
        }
        int reserved = reserve(overhead + 1, limit);
        List<byte[]> messages = new ArrayList<>(news.take(overhead, limit - reserved));
        int used = 0;
        for (byte[] message : messages) {
            used += message.length + overhead;
        }
        // A user message costs one byte more: its type.
        for (byte[] payload : user.take(overhead + 1, limit - used)) {
            messages.add(MessageCodec.encode(new UserMessage(payload)));
            userCredit = Math.max(0, userCredit - payload.length - overhead - 1);
        }
        size = news.size() + user.size();
        return messages;
    }

    /** {@return the bytes of this packet to keep for the application: none where it could not use them} */
    private int reserve(int overhead, int limit) {
        if (user.size() == 0) {
            userCredit = 0;
            return 0;
        }
        int share = limit / USER_SHARE;
        if (user.canTake(overhead, share)) {
            userCredit = share;
        } else {
            userCredit = Math.min(limit, userCredit + share);
            if (!user.canTake(overhead, userCredit)) {
                return 0;
            }
        }
        return (int) Math.min(userCredit, user.bytes() + (long) user.size() * overhead);
    }

    /** {@return how many broadcasts wait; to be read from anywhere} */
    int size() {
        return size;
    }

    /** Drops everything, telling those who wait for it. */
    void clear() {
        news.clear();
        user.clear();
        size = 0;
    }

    private record News(String name, byte[] message, Runnable whenFinished) implements NamedBroadcast {
        @Override
        public void finished() {
            whenFinished.run();
        }
    }
}
