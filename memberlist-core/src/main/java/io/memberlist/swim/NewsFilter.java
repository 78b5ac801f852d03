package io.memberlist.swim;

import io.memberlist.Member;
import io.memberlist.MemberState;
import io.memberlist.MemberlistConfig;
import io.memberlist.delegate.AliveDelegate;
import io.memberlist.wire.Alive;
import java.net.InetAddress;

/** Keeps out news that cannot be true, breaks a bound, or is not wanted, before it is weighed. */
final class NewsFilter {
    private static final long LAST_INCARNATION = 0xffff_ffffL;

    private final Context context;

    NewsFilter(Context context) {
        this.context = context;
    }

    /** {@return whether an alive message may be weighed; if not, it was counted} */
    boolean accepts(Alive alive) {
        if (alive.node().isEmpty()) {
            context.drops().warn(DropReason.MALFORMED, "ignoring an alive message", "it has no name");
            return false;
        }
        if (!Addresses.valid(alive.address(), alive.port())) {
            context.drops()
                    .warn(
                            DropReason.BAD_ADDRESS,
                            "ignoring an alive message for '" + alive.node() + "'",
                            alive.address().length + " address bytes, port " + alive.port());
            return false;
        }
        if (alive.meta().length > MemberlistConfig.META_MAX_SIZE) {
            context.drops()
                    .warn(
                            DropReason.TOO_LARGE,
                            "ignoring an alive message for '" + alive.node() + "'",
                            alive.meta().length + " bytes of metadata");
            return false;
        }
        InetAddress address = Addresses.of(alive.address(), alive.port()).getAddress();
        if (!Addresses.allowed(context.config().allowedNetworks(), address)) {
            context.drops()
                    .warn(
                            DropReason.NOT_ALLOWED,
                            "Rejected node " + alive.node() + " since its address is outside of the allowed networks",
                            address.getHostAddress());
            return false;
        }
        if (!Versions.plausible(alive.versions())) {
            context.drops()
                    .warn(
                            DropReason.BAD_VERSIONS,
                            "Ignoring an alive message for '" + alive.node()
                                    + "' because protocol version(s) are wrong",
                            Versions.of(alive.versions()));
            return false;
        }
        return !cannotBeOutbid(alive.incarnation(), alive) && !vetoed(alive);
    }

    /** {@return whether an accusation with this incarnation could never be refuted} Counts it as a drop. */
    boolean cannotBeOutbid(long incarnation, Object news) {
        if (incarnation >= LAST_INCARNATION) {
            context.drops().warn(DropReason.BAD_INCARNATION, "ignoring news that could never be outbid", news);
            return true;
        }
        return false;
    }

    private boolean vetoed(Alive alive) {
        AliveDelegate delegate = context.config().aliveDelegate();
        if (delegate == null) {
            return false;
        }
        try {
            delegate.verifyAlive(described(alive));
            return false;
        } catch (RuntimeException e) {
            context.drops()
                    .warn(DropReason.VETOED, "ignoring alive message for '" + alive.node() + "'", e.getMessage());
            return true;
        }
    }

    /** {@return a member as an alive message with a valid address describes it} */
    Member described(Alive alive) {
        return new Member(
                alive.node(),
                Addresses.of(alive.address(), alive.port()),
                alive.meta(),
                MemberState.ALIVE,
                alive.incarnation(),
                Versions.of(alive.versions()),
                context.loop().wallClock());
    }
}
