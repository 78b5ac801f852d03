package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one member: the changeable side of {@link Member}, confined to the loop. There is one for each pair of members of
 * a cluster, so it is small.
 */
final class MemberRecord {
    /** Far more than any pause. */
    private static final int LONG_AGO_MILLIS = Integer.MAX_VALUE;

    private static final int NANOS_OF_A_MILLI = 1_000_000;

    /** As the member sent it: 4 and 16 byte forms differ for a Go member. */
    private byte[] address;

    private byte[] meta;
    private byte[] versions;
    private Member view;
    /** What other threads see. */
    private volatile Member published;

    private long stateSinceNanos;
    private @Nullable Suspicion suspicion;
    private @Nullable Accusation accusation;
    /** How many periodic push/pulls with it have failed since the last that did not. */
    private byte failedExchanges;

    /** Whether the table finds it by its published address. */
    private boolean listed;

    private boolean answered;
    /** Only a stranger has told of it, and it did not answer. */
    private boolean doubtful;
    /** When a packet of another purpose last carried gossip to it, in milliseconds that overflow after weeks. */
    private int gossipedMillis;

    /** Who accused a member first, of those whose word is doubted. */
    private record Accusation(String accuser, long incarnation) {}

    /** @param alive the first alive message about the member, with a valid address */
    MemberRecord(Alive alive, MemberState state, long nowNanos, Instant now) {
        this.address = alive.address();
        this.meta = alive.meta();
        this.versions = alive.versions();
        this.view = new Member(
                alive.node(), Addresses.of(alive), meta, state, alive.incarnation(), Versions.of(versions), now);
        this.published = view;
        this.stateSinceNanos = nowNanos;
        this.gossipedMillis = millis(nowNanos) - LONG_AGO_MILLIS;
    }

    /** What another member knows of itself; whatever is immutable is shared with it. */
    MemberRecord(MemberRecord other) {
        this.address = other.address;
        this.meta = other.meta;
        this.versions = other.versions;
        this.view = other.view;
        this.published = view;
        this.stateSinceNanos = other.stateSinceNanos;
        this.gossipedMillis = other.gossipedMillis;
        this.answered = other.answered;
    }

    /** {@return whether the last packet that carried gossip beside another message is that long ago; if so, one does now} */
    boolean mayCarryGossip(long nowNanos, long pauseNanos) {
        int now = millis(nowNanos);
        boolean may = Integer.toUnsignedLong(now - gossipedMillis) >= pauseNanos / NANOS_OF_A_MILLI;
        if (may) {
            gossipedMillis = now;
        }
        return may;
    }

    private static int millis(long nanos) {
        return (int) (nanos / NANOS_OF_A_MILLI);
    }

    /**
     * Somebody accuses the member whose word is doubted.
     *
     * @return whether another one, whose word is doubted as well, has accused it at this incarnation
     */
    boolean isAccusedTwice(String accuser) {
        Accusation first = accusation;
        if (first == null || first.incarnation() < incarnation()) {
            accusation = new Accusation(accuser, incarnation());
            return false;
        }
        return !accuser.equals(first.accuser());
    }

    /** A periodic push/pull with the member succeeded. */
    void exchanged() {
        failedExchanges = 0;
        hasAnswered();
    }

    /** The member has answered this one. That it pings says nothing, since anybody can forge that. */
    void hasAnswered() {
        answered = true;
        doubtful = false;
    }

    /** Only a stranger has told of the member, which has not answered. */
    void doubt() {
        doubtful = !answered;
    }

    /** {@return whether the member may not exist, so that what comes from its address may come from anybody} */
    boolean isDoubtful() {
        return doubtful;
    }

    /** {@return whether the member has ever answered this one, so that it exists or did} */
    boolean everAnswered() {
        return answered;
    }

    /** {@return how many periodic push/pulls with the member have failed in a row, with this one} */
    int exchangeFailed() {
        failedExchanges = (byte) Math.min(failedExchanges + 1, Byte.MAX_VALUE);
        return failedExchanges;
    }

    String name() {
        return view.name();
    }

    InetSocketAddress address() {
        return view.address();
    }

    /** {@return whether the member has this valid address} Most often that comes in the same bytes as before. */
    boolean isAt(byte[] ip, int port) {
        return port == port() && Arrays.equals(ip, address) || address().equals(Addresses.of(ip, port));
    }

    private int port() {
        return address().getPort();
    }

    /** {@return whether an alive message says nothing new: the member lives, at that address, and is known at that incarnation or above} */
    boolean knows(Alive message) {
        return message.incarnation() <= incarnation()
                && state().isLive()
                && message.port() == port()
                && Arrays.equals(message.address(), address);
    }

    /** Shows other threads the member as it is now. */
    void publish() {
        published = view;
        listed = state().isLive();
    }

    /** {@return the member as it was published last} May be read from any thread. */
    Member published() {
        return published;
    }

    /** {@return the address under which the table finds the member, or null if it does not} */
    @Nullable
    InetSocketAddress listedAt() {
        return listed ? published.address() : null;
    }

    /** The member does not count any more. */
    void unlist() {
        listed = false;
    }

    /** {@return the member as a recipient for the transport} */
    Recipient recipient() {
        return new Recipient(address(), name());
    }

    long incarnation() {
        return view.incarnation();
    }

    MemberState state() {
        return view.state();
    }

    long stateSinceNanos() {
        return stateSinceNanos;
    }

    byte[] meta() {
        return meta;
    }

    byte[] versions() {
        return versions;
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
        InetSocketAddress at = isAt(latest.address(), latest.port()) ? address() : Addresses.of(latest);
        address = latest.address();
        meta = latest.meta();
        if (latest.versions().length > 0) {
            versions = latest.versions();
        }
        view = new Member(name(), at, meta, state(), latest.incarnation(), Versions.of(versions), view.stateSince());
    }

    void raiseIncarnation(long to) {
        view = view(to, view.state(), view.stateSince());
    }

    void enter(MemberState next, long nowNanos, Instant now) {
        if (state() != next) {
            stateSinceNanos = nowNanos;
            view = view(incarnation(), next, now);
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
        return toAlive(incarnation(), meta());
    }

    /** {@return the alive message with which this member changes its metadata} */
    Alive toAlive(long incarnation, byte[] meta) {
        return new Alive(incarnation, name(), address, port(), meta, versions);
    }

    /** {@return the entry of this member in a push/pull} */
    PushPullNode toPushPullNode() {
        return new PushPullNode(name(), address, port(), meta, incarnation(), state().ordinal(), versions);
    }

    /** {@return a member as an alive message with a valid address describes it} */
    static Member described(Alive alive, MemberState state, Instant since) {
        return new MemberRecord(alive, state, 0, since).view;
    }

    private Member view(long incarnation, MemberState state, Instant since) {
        return new Member(name(), address(), meta, state, incarnation, view.versions(), since);
    }
}
