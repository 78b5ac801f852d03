package io.memberlist.swim;

import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import java.util.Arrays;
import org.slf4j.event.Level;

/** This member itself: the only one that may raise its incarnation, and say that it leaves. */
final class LocalMember {
    private static final int DIRECT_LEAVE_MESSAGES = 32;

    private final Context context;
    private final Dissemination dissemination;
    private final MemberChanges changes;
    private final DeadMessageSender deadMessageSender;
    private final MemberRecord record;

    /** Starts with this member alone. Nothing is sent before it has joined another member. */
    LocalMember(
            Context context,
            Dissemination dissemination,
            MemberChanges changes,
            DeadMessageSender deadMessageSender,
            Alive initial) {
        this.context = context;
        this.dissemination = dissemination;
        this.changes = changes;
        this.deadMessageSender = deadMessageSender;
        this.record = new MemberRecord(
                initial,
                MemberState.ALIVE,
                context.loop().nanoTime(),
                context.loop().wallClock());
        context.table().add(record);
        dissemination.queue(context.self(), initial);
        changes.notify(record, MemberEvent.Joined::new);
    }

    MemberRecord record() {
        return record;
    }

    /** {@return whether this member has left and not joined again} */
    boolean left() {
        return record.state() == MemberState.LEFT;
    }

    /**
     * Changes the metadata.
     *
     * @throws MemberlistException if this member has left
     */
    void updateMeta(byte[] meta, Runnable gossiped) {
        if (left()) {
            throw new MemberlistException("'" + context.self()
                    + "' has left the cluster, so its metadata interests nobody: join again first");
        }
        announce(nextIncarnation(), meta, gossiped);
        changes.notify(record, MemberEvent.Updated::new);
    }

    /** Gossips that this member leaves. Others see it as left then, not as failed. */
    void leave(Runnable gossiped) {
        Dead leaveMessage = new Dead(record.incarnation(), context.self(), context.self());
        dissemination.queue(context.self(), leaveMessage, gossiped);
        // In a small cluster gossip sends a message only a few times. Where several members stop together, all of it
        // may
        // go to members that stop too, so some members get the message directly as well.
        for (MemberRecord other : context.table()
                .random(
                        DIRECT_LEAVE_MESSAGES,
                        known -> known != record && known.state().isLive())) {
            deadMessageSender.send(other.recipient(), leaveMessage);
        }
        changes.apply(record, MemberTransition.LEAVE);
    }

    /** Gossips again that this member has left, at the incarnation at which a message claims that it is alive. */
    void repeatLeave(long incarnation) {
        record.raiseIncarnation(incarnation);
        context.table().publish(record);
        dissemination.queue(context.self(), new Dead(incarnation, context.self(), context.self()));
    }

    /** Takes part again after {@link #leave}. */
    void rejoin() {
        long incarnation = nextIncarnation();
        announce(incarnation, record.meta(), () -> {});
        changes.apply(record, MemberTransition.JOIN);
    }

    /**
     * {@return whether an alive message about this member must be refuted} The message repeats what this member sent, or
     * what a former process of the same name sent. The second must be refuted, or the cluster would go on believing it; it
     * may have the same incarnation with other contents.
     */
    boolean mustRefute(Alive alive) {
        if (alive.incarnation() != record.incarnation()) {
            return alive.incarnation() > record.incarnation();
        }
        return !Arrays.equals(alive.meta(), record.meta()) || !Arrays.equals(alive.versions(), record.versions());
    }

    /**
     * Refutes a message about this member with a higher incarnation. That others suspect this member is a sign that it is
     * slow, so its local health gets worse (Lifeguard).
     *
     * @param claimed the incarnation of the message
     */
    void refute(long claimed, String what) {
        record.raiseIncarnation(Math.max(record.incarnation(), claimed) + 1);
        context.table().publish(record);
        context.health().apply(1);
        dissemination.queue(context.self(), record.toAlive());
        context.log().log(
                Level.WARN, LocalMember.class, "Refuting " + what, "incarnation is now " + record.incarnation());
    }

    private void announce(long incarnation, byte[] meta, Runnable gossiped) {
        Alive now = record.toAlive();
        Alive next = new Alive(incarnation, context.self(), now.address(), now.port(), meta, now.versions());
        record.update(next);
        context.table().publish(record);
        dissemination.queue(context.self(), next, gossiped);
    }

    private long nextIncarnation() {
        if (record.incarnation() >= MessageFilter.LAST_INCARNATION) {
            throw new MemberlistException("the incarnation of '" + context.self()
                    + "' has come to its end, which takes an attacker or four thousand million refutations: restart it"
                    + " under another name");
        }
        return record.incarnation() + 1;
    }
}
