package io.memberlist.swim;

import io.memberlist.MemberlistException;
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
 * every packet is the application's while it has something waiting, so that a storm of news cannot starve it.
 */
final class Dissemination {
    private static final int USER_SHARE = 4;
    private static final int TYPE_BYTE = 1;

    private final Context context;
    private final TransmitLimitedQueue news;
    private final TransmitLimitedQueue user;
    private final DelegateBroadcasts delegated;
    private final int maxMessage;
    private volatile int size;

    /** @param maxMessage the longest encoded message that fits a packet of gossip */
    Dissemination(Context context, int maxMessage) {
        this.context = context;
        this.maxMessage = maxMessage;
        this.delegated = new DelegateBroadcasts(context);
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
        byte[] encoded = MessageCodec.encode(message);
        if (encoded.length > maxMessage) {
            // It would wait for ever: no packet has room for it.
            context.drops().warn(DropReason.TOO_LARGE, "news about '" + member + "' fits no packet", encoded.length);
            finished.run();
            return;
        }
        news.queue(new News(member, encoded, finished));
        size = news.size() + user.size();
    }

    /**
     * Spreads a broadcast of the application; {@link Broadcast#message()} is the payload.
     *
     * @throws MemberlistException if no packet has room for it
     */
    void user(Broadcast broadcast) {
        int length = broadcast.message().length;
        int max = maxMessage - TYPE_BYTE;
        if (length > max) {
            throw new MemberlistException("a broadcast of " + length + " bytes does not fit a packet, which takes "
                    + max + ": make it smaller, or raise udpBufferSize at every member");
        }
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
        if (isEmpty() || limit <= overhead) {
            return List.of();
        }
        int reserved = delegated.isEmpty()
                ? (int) Math.min(limit / USER_SHARE, user.bytes() + (long) user.size() * (overhead + TYPE_BYTE))
                : limit / USER_SHARE;
        List<byte[]> messages = new ArrayList<>(news.take(overhead, limit - reserved));
        int used = 0;
        for (byte[] message : messages) {
            used += message.length + overhead;
        }
        for (byte[] payload : user.take(overhead + TYPE_BYTE, limit - used)) {
            messages.add(MessageCodec.encode(new UserMessage(payload)));
            used += payload.length + overhead + TYPE_BYTE;
        }
        for (byte[] payload : delegated.take(overhead + TYPE_BYTE, limit - used)) {
            messages.add(MessageCodec.encode(new UserMessage(payload)));
        }
        size = news.size() + user.size();
        return messages;
    }

    /** Asks the application for what the next packets of gossip shall carry. */
    void askDelegate(int packets, int overhead) {
        delegated.ask(packets, overhead + TYPE_BYTE, maxMessage);
    }

    boolean isEmpty() {
        return news.size() + user.size() == 0 && delegated.isEmpty();
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
