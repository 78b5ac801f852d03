package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one member: the changeable side of {@link Member}, confined to the loop. */
final class MemberRecord {
    private Alive alive;
    private Recipient recipient;
    private long incarnation;
    private MemberState state;
    private long stateSinceNanos;
    private Instant stateSince;
    private Member view;
    private @Nullable Suspicion suspicion;

    /** @param alive the first alive message about the member, with a valid address */
    MemberRecord(Alive alive, MemberState state, long nowNanos, Instant now) {
        this.alive = alive;
        this.recipient = recipient(alive);
        this.incarnation = alive.incarnation();
        this.state = state;
        this.stateSinceNanos = nowNanos;
        this.stateSince = now;
        this.view = makeView();
    }

    /** What another member knows of itself; whatever is immutable is shared with it. */
    MemberRecord(MemberRecord other) {
        this.alive = other.alive;
        this.recipient = other.recipient;
        this.incarnation = other.incarnation;
        this.state = other.state;
        this.stateSinceNanos = other.stateSinceNanos;
        this.stateSince = other.stateSince;
        this.view = other.view;
    }

    String name() {
        return alive.node();
    }

    InetSocketAddress address() {
        return recipient.address();
    }

    /** {@return the member as a recipient for the transport} */
    Recipient recipient() {
        return recipient;
    }

    long incarnation() {
        return incarnation;
    }

    MemberState state() {
        return state;
    }

    long stateSinceNanos() {
        return stateSinceNanos;
    }

    byte[] meta() {
        return alive.meta();
    }

    byte[] versions() {
        return alive.versions();
    }

    /** {@return the highest protocol version the member understands, 0 where it did not say} */
    int protocolMax() {
        return view.versions().protocolMax();
    }

    /** {@return the member as others may see it} */
    Member view() {
        return view;
    }

    /** {@return the running suspicion, if the member is suspected} */
    @Nullable
    Suspicion suspicion() {
        return suspicion;
    }

    /** Takes over address, metadata, versions and incarnation. */
    void update(Alive latest) {
        alive = latest.versions().length == 0 ? withVersions(latest, alive.versions()) : latest;
        recipient = recipient(latest);
        incarnation = latest.incarnation();
        view = makeView();
    }

    void raiseIncarnation(long to) {
        incarnation = to;
        view = makeView();
    }

    void enter(MemberState next, long nowNanos, Instant now) {
        if (state != next) {
            state = next;
            stateSinceNanos = nowNanos;
            stateSince = now;
            view = makeView();
        }
    }

    void suspect(Suspicion running) {
        suspicion = running;
    }

    void clearSuspicion() {
        if (suspicion != null) {
            suspicion.cancel();
            suspicion = null;
        }
    }

    /** {@return the alive message that describes this member now} */
    Alive toAlive() {
        return new Alive(incarnation, name(), alive.address(), alive.port(), alive.meta(), alive.versions());
    }

    /** {@return the entry of this member in a push/pull} */
    PushPullNode toPushPullNode() {
        // The address goes on exactly as the member sent it: 4 and 16 byte forms differ for a Go member.
        return new PushPullNode(
                name(), alive.address(), alive.port(), alive.meta(), incarnation, state.ordinal(), alive.versions());
    }

    private static Recipient recipient(Alive alive) {
        return new Recipient(Addresses.of(alive.address(), alive.port()), alive.node());
    }

    private Member makeView() {
        return new Member(
                alive.node(), address(), alive.meta(), state, incarnation, Versions.of(alive.versions()), stateSince);
    }

    private static Alive withVersions(Alive alive, byte[] versions) {
        return new Alive(alive.incarnation(), alive.node(), alive.address(), alive.port(), alive.meta(), versions);
    }
}
