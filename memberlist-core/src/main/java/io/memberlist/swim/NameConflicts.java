package io.memberlist.swim;

import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.metrics.DropReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which of two addresses has a name: the known one, as long as its member may still live. */
final class NameConflicts {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");

    private final Context context;

    NameConflicts(Context context) {
        this.context = context;
    }

    /**
     * {@return whether another address may take over a name} If so, that is logged; if not, the message is dropped and
     * the application's delegate is notified.
     *
     * @param record the member that has the name
     * @param other the member that the message describes
     */
    boolean mayTakeOver(MemberRecord record, Member other) {
        if (record.state() == MemberState.LEFT || deadLongEnough(record)) {
            log.info(
                    "{}: Updating address for left or failed node {} from {} to {}",
                    context.self(),
                    record.name(),
                    Addresses.text(record.address()),
                    Addresses.text(other.address()));
            return true;
        }
        context.log()
                .dropped(
                        DropReason.NAME_CONFLICT,
                        "Conflicting address for " + record.name() + ". Mine: " + Addresses.text(record.address())
                                + " Theirs: " + Addresses.text(other.address()) + " Old state",
                        record.state());
        ConflictDelegate delegate = context.config().delegates().conflict();
        if (delegate != null) {
            Member existing = record.view();
            context.callbacks().offer(0, () -> delegate.nameConflict(existing, other));
        }
        return false;
    }

    private boolean deadLongEnough(MemberRecord record) {
        long reclaimNanos = context.config().deadNodeReclaimTime().toNanos();
        return record.state() == MemberState.DEAD
                && reclaimNanos > 0
                && context.loop().nanoTime() - record.stateSinceNanos() > reclaimNanos;
    }
}
