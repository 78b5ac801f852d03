package io.memberlist.swim;

import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import java.util.Arrays;
import org.slf4j.event.Level;

/** This member itself: the only one that may raise its incarnation, and say that it leaves. */
final class LocalMember {
    private static final Runnable NOBODY_WAITS = () -> {};
    private static final int DIRECT_LEAVE_MESSAGES = 32;

    private final Context context;
    private final Dissemination dissemination;
    private final Transitions transitions;
    private final DeadMessageSender deadMessageSender;
    private final MemberRecord record;
    private boolean left;

    /** Starts with this member alone. Nothing is sent before it has joined somebody. */
    LocalMember(
            Context context,
            Dissemination dissemination,
            Transitions transitions,
            DeadMessageSender deadMessageSender,
            Alive first) {
        this.context = context;
        this.dissemination = dissemination;
        this.transitions = transitions;
        this.deadMessageSender = deadMessageSender;
        this.record = new MemberRecord(
                first,
                MemberState.ALIVE,
                context.loop().nanoTime(),
                context.loop().wallClock());
        context.table().add(record);
        dissemination.news(context.self(), first, NOBODY_WAITS);
        transitions.tell(record, MemberEvent.Joined::new);
    }

    MemberRecord record() {
        return record;
    }

    /** {@return whether this member has left and not come back} */
    boolean left() {
        return left;
    }

    /**
     * Changes the metadata.
     *
     * @throws MemberlistException if this member has left
     */
    void updateMeta(byte[] meta, Runnable gossiped) {
        if (left) {
            throw new MemberlistException("'" + context.self()
                    + "' has left the cluster, so its metadata interests nobody: join again first");
        }
        announce(nextIncarnation(), meta, gossiped);
        transitions.tell(record, MemberEvent.Updated::new);
    }

    /** Tells the cluster that this member goes. Others will see it as left, not as failed. */
    void leave(Runnable gossiped) {
        left = true;
        Dead leaveMessage = new Dead(record.incarnation(), context.self(), context.self());
        dissemination.news(context.self(), leaveMessage, gossiped);
        // In a small cluster gossip sends news only a few times, and where several members stop together all of it may
        // go to others that stop. So many are told directly as well.
        for (MemberRecord other : context.table()
                .random(
                        DIRECT_LEAVE_MESSAGES,
                        known -> known != record && known.state().isLive())) {
            deadMessageSender.send(other.recipient(), leaveMessage);
        }
        transitions.enter(record, MemberState.LEFT);
        transitions.tell(record, MemberEvent.Left::new);
    }

    /** Says once more that this member has left, at an incarnation at which somebody says that it is alive. */
    void repeatLeave(long incarnation) {
        record.raiseIncarnation(incarnation);
        context.table().publish(record);
        dissemination.news(context.self(), new Dead(incarnation, context.self(), context.self()), NOBODY_WAITS);
    }

    /** Takes part again after {@link #leave}. */
    void rejoin() {
        long incarnation = nextIncarnation();
        left = false;
        announce(incarnation, record.meta(), NOBODY_WAITS);
        transitions.enter(record, MemberState.ALIVE);
        transitions.tell(record, MemberEvent.Joined::new);
    }

    /**
     * {@return whether somebody else's word that this member is alive must be refuted} Somebody repeats what I said, or
     * remembers what I was before a restart. The second must be outbid, or the cluster would go on believing it; that
     * includes an equal incarnation with other contents.
     */
    boolean mustRefute(Alive alive) {
        if (alive.incarnation() != record.incarnation()) {
            return alive.incarnation() > record.incarnation();
        }
        return !Arrays.equals(alive.meta(), record.meta()) || !Arrays.equals(alive.versions(), record.versions());
    }

    /** Outbids an accusation. Being accused is a sign that this member is slow, so its health suffers. */
    void refute(long accused, String what) {
        record.raiseIncarnation(Math.max(record.incarnation(), accused) + 1);
        context.table().publish(record);
        context.health().apply(1);
        dissemination.news(context.self(), record.toAlive(), NOBODY_WAITS);
        context.log().log(
                Level.WARN, LocalMember.class, "Refuting " + what, "incarnation is now " + record.incarnation());
    }

    private void announce(long incarnation, byte[] meta, Runnable gossiped) {
        Alive now = record.toAlive();
        Alive next = new Alive(incarnation, context.self(), now.address(), now.port(), meta, now.versions());
        record.update(next);
        context.table().publish(record);
        dissemination.news(context.self(), next, gossiped);
    }

    private long nextIncarnation() {
        if (record.incarnation() >= MessageFilter.LAST_INCARNATION) {
            throw new MemberlistException("the incarnation of '" + context.self()
                    + "' has come to its end, which takes an attacker or four thousand million refutations: restart it"
                    + " under another name");
        }
        return record.incarnation() + 1;
    }

    /** Sends news of an end directly to one member, beside gossip. */
    @FunctionalInterface
    interface DeadMessageSender {
        void send(Recipient to, Dead news);
    }
}
