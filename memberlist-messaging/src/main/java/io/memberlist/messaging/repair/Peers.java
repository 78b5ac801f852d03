package io.memberlist.messaging.repair;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.transport.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Knows which members exchange digests, and so can be relied upon to pass messages on. A member that never sent a digest may
 * be one of the Go library, whose application reports every message that it does not understand. It receives three digests
 * for as long as this member lives: two in packets, and one over a stream after a push/pull. The last one counts only when
 * the other side has it. So two members that exchange digests find out about each other as soon as streams between them
 * work, however many packets were lost. A member that sent digests before and no longer answers them receives a few more,
 * and again a few when it returns.
 */
public final class Peers {
    /** Digests in packets to a member that never sent one: packets get lost, and a round need not wait for a push/pull. */
    private static final int MAX_PACKETS_TO_SILENT = 2;
    /** Digests in packets to a member that did: another one without this layer may have taken its name. */
    private static final int MAX_PACKETS_UNANSWERED = 10;

    private static final int ANSWERS = -1;
    private static final int MAX_REMEMBERED = 65536;

    private final EventLoop loop;
    private final Map<String, Peer> peers = new HashMap<>();
    private final Set<String> takingBundles = new HashSet<>();

    public Peers(EventLoop loop) {
        this.loop = loop;
    }

    /** What was exchanged with a member, since its last digest if it sent one. */
    private static final class Peer {
        boolean heard;

        @Nullable
        Origin life;

        int packets;
        boolean streamed;
    }

    /** Notes that a member of the cluster has sent a digest or a fetch. */
    public void heard(String name) {
        Peer peer = peer(name);
        peer.heard = true;
        peer.packets = 0;
        peer.streamed = false;
    }

    /** Notes which process has a member's name, as a message shows that proves where it comes from. */
    public void proved(Origin life) {
        peer(life.name()).life = life;
    }

    /** {@return whether another process has the name of an origin by now} */
    boolean isFormer(Origin origin) {
        Peer peer = peers.get(origin.name());
        return peer != null && peer.life != null && !peer.life.equals(origin);
    }

    /**
     * Notes that a member that had failed or left is back, perhaps as another process. If it sent digests before, it receives
     * the first few again: what the new process sent before it was known as a member was ignored.
     */
    public void returned(String name) {
        Peer peer = peers.get(name);
        if (peer != null && peer.heard) {
            peer.packets = Math.min(peer.packets, MAX_PACKETS_UNANSWERED - MAX_PACKETS_TO_SILENT);
            peer.streamed = false;
        }
    }

    /** Notes that a member of the cluster has said that it takes bundles. */
    public void heardToTakeBundles(String name) {
        if (takingBundles.size() >= MAX_REMEMBERED) {
            takingBundles.clear();
        }
        takingBundles.add(name);
    }

    /** {@return whether it is known to take bundles} */
    public boolean takesBundles(Member member) {
        return takingBundles.contains(member.name());
    }

    /** Notes that a digest in a packet goes to a member. */
    void askedInPacket(Member member) {
        peer(member.name()).packets++;
    }

    /** Notes that a digest over a stream goes to a member, or that it did not arrive. */
    void askedOverStream(Member member, boolean arrives) {
        peer(member.name()).streamed = arrives;
    }

    /** {@return whether it may receive a digest in a packet} */
    boolean mayBeAskedInPacket(Member member) {
        Peer peer = peers.get(member.name());
        return peer == null || peer.packets < (peer.heard ? MAX_PACKETS_UNANSWERED : MAX_PACKETS_TO_SILENT);
    }

    /** {@return whether it may receive a digest over a stream, if it may not be relied upon to answer packets} */
    boolean mayBeAskedOverStream(Member member) {
        Peer peer = peers.get(member.name());
        return peer == null || !peer.streamed;
    }

    /** {@return whether it is known to pass on what it gets} */
    public boolean isReliable(Member member) {
        return timesAskedInVain(member) == ANSWERS;
    }

    /** {@return whether it was never heard of and never asked} */
    public boolean isStranger(Member member) {
        return timesAskedInVain(member) == 0;
    }

    /**
     * {@return the members at random, but first those that are known to pass on, and last those that seem not to or are
     * suspected}
     *
     * @param preferred of members that are as good as each other
     */
    public List<Member> mostReliableFirst(List<Member> members, Predicate<Member> preferred) {
        List<Member> sorted = new ArrayList<>(members);
        for (int i = sorted.size() - 1; i > 0; i--) {
            Collections.swap(sorted, i, loop.random().nextInt(i + 1));
        }
        sorted.sort(Comparator.<Member, Boolean>comparing(member -> member.state() == MemberState.SUSPECT)
                .thenComparingInt(this::timesAskedInVain)
                .thenComparing(member -> !preferred.test(member)));
        return sorted;
    }

    private int timesAskedInVain(Member member) {
        Peer peer = peers.get(member.name());
        if (peer == null) {
            return 0;
        }
        return peer.heard && peer.packets < MAX_PACKETS_UNANSWERED ? ANSWERS : peer.packets + (peer.streamed ? 1 : 0);
    }

    private Peer peer(String name) {
        if (peers.size() >= MAX_REMEMBERED && !peers.containsKey(name)) {
            peers.clear();
        }
        return peers.computeIfAbsent(name, key -> new Peer());
    }
}
