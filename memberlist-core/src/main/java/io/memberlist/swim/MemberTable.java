package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every member known, by name and in the order of probing. Changed on the loop only; {@link #published} shows other
 * threads immutable values without making them wait.
 */
public final class MemberTable {
    private static final long LONGEST_FORMING_NANOS = 60_000_000_000L;
    private static final long MOST_SHARED_NANOS = 1_000_000;

    private final EventLoop loop;
    private final MemberIndex<String> byName;
    private final List<MemberRecord> ring = new ArrayList<>();
    private final Set<MemberRecord> failed = new LinkedHashSet<>();
    /** The live member at each address. */
    private final MemberIndex<InetSocketAddress> byAddress;

    private volatile int live;
    private Runnable noLongerAlone = () -> {};
    private Runnable changed = () -> {};
    private volatile boolean hasMetOthers;
    private long metOthersNanos;
    private boolean forming;
    private volatile long revision;
    private volatile Snapshot snapshot = new Snapshot(-1, List.of());
    private @Nullable Instant moment;
    private long momentNanos;

    MemberTable(EventLoop loop) {
        this.loop = loop;
        SecretHash hash = new SecretHash(loop.secureRandom());
        byName = new MemberIndex<>(hash::of, MemberRecord::name);
        byAddress = new MemberIndex<>(hash::of, MemberRecord::listedAt);
    }

    @Nullable
    MemberRecord get(String name) {
        return byName.get(name);
    }

    /** {@return the live member that has the name and the address of a receiver, or null} */
    @Nullable
    MemberRecord live(Recipient who) {
        MemberRecord record = who.name() == null ? null : byName.get(who.name());
        return record != null && record.state().isLive() && record.address().equals(who.address()) ? record : null;
    }

    /** {@return the live member at an address, or null} */
    @Nullable
    MemberRecord live(InetSocketAddress address) {
        return byAddress.get(address);
    }

    /** {@return whether a member that is alive, and not suspected, is at an address} */
    boolean isAliveAt(InetSocketAddress address) {
        MemberRecord latest = byAddress.get(address);
        return latest != null && latest.state() == MemberState.ALIVE
                || ring.stream()
                        .anyMatch(record -> record.state() == MemberState.ALIVE
                                && record.address().equals(address));
    }

    /** {@return the number of members known, in whatever state: the n of all formulas, as in the Go library} */
    int size() {
        return ring.size();
    }

    /** {@return whether this member knows no other, in whatever state} */
    boolean isAlone() {
        return ring.size() <= 1;
    }

    /** Sets what is called when this member knows another one after it knew none. */
    void whenNoLongerAlone(Runnable action) {
        noLongerAlone = action;
    }

    /** Sets what is called after each change of a member, but not when a dead one is removed. */
    void whenChanged(Runnable action) {
        changed = action;
    }

    /** {@return the number of members that are alive or suspected} May be read from any thread. */
    public int live() {
        return live;
    }

    /** {@return whether another live member was ever known in this life} May be read from any thread. */
    public boolean hasMetOthers() {
        return hasMetOthers;
    }

    /** {@return for how long others have been able to know this member: since it has known another one; zero before that} */
    long sinceMetOthersNanos() {
        return hasMetOthers ? loop.nanoTime() - metOthersNanos : 0;
    }

    /** Sets whether this member is a newcomer that has not caught up with the others. */
    void setForming(boolean stillForming) {
        forming = stillForming;
    }

    /**
     * {@return whether this member has known the others for less than a time, or has not caught up with them} Where a thousand join
     * together, that takes a while.
     */
    boolean isForming(long nanos) {
        return sinceMetOthersNanos() < (forming ? Math.max(nanos, LONGEST_FORMING_NANOS) : nanos);
    }

    /** {@return the member at a place of the ring} */
    MemberRecord at(int index) {
        return ring.get(index);
    }

    /** {@return every record; not to be kept} */
    List<MemberRecord> records() {
        return Collections.unmodifiableList(ring);
    }

    /** {@return those that are dead and have not left; not to be kept} Kept apart, since there are few among many. */
    Collection<MemberRecord> failed() {
        return Collections.unmodifiableSet(failed);
    }

    /** {@return every member, whatever its state} May be read from any thread. */
    public List<Member> published() {
        return published(member -> true);
    }

    /** {@return the members that are alive or suspected} May be read from any thread; one list until something changes. */
    public List<Member> publishedLive() {
        Snapshot last = snapshot;
        // Read first: a list that is made while a member changes may be stored as older than it is, never as newer.
        long now = revision;
        if (last.revision != now) {
            last = new Snapshot(now, published(member -> member.state().isLive()));
            snapshot = last;
        }
        return last.members;
    }

    private List<Member> published(Predicate<Member> accept) {
        List<Member> members = new ArrayList<>();
        byName.forEach(record -> {
            Member member = record.published();
            if (accept.test(member)) {
                members.add(member);
            }
        });
        return List.copyOf(members);
    }

    /** {@return the member of that name, or null} May be read from any thread. */
    public @Nullable Member published(String name) {
        MemberRecord record = byName.get(name);
        return record == null ? null : record.published();
    }

    /** {@return the record of a member that is alive since now} It is added as {@link #add(MemberRecord)} does. */
    MemberRecord add(Alive alive) {
        MemberRecord record = new MemberRecord(alive, MemberState.ALIVE, loop.nanoTime(), moment());
        add(record);
        return record;
    }

    /** {@return the time of day} Many members that come together share it. */
    private Instant moment() {
        long now = loop.nanoTime();
        if (moment == null || now - momentNanos > MOST_SHARED_NANOS) {
            moment = loop.wallClock();
            momentNanos = now;
        }
        return moment;
    }

    /** Adds a member at a random place of the ring, so that the time until its first probe is short on average. */
    void add(MemberRecord record) {
        byName.put(record.name(), record);
        ring.add(record);
        int last = ring.size() - 1;
        Collections.swap(ring, loop.random().nextInt(ring.size()), last);
        publish(record);
        if (ring.size() == 2) {
            noLongerAlone.run();
        }
    }

    /** Shows other threads what changed. To be called after each change of a record. */
    void publish(MemberRecord record) {
        InetSocketAddress before = record.listedAt();
        InetSocketAddress now = record.state().isLive() ? record.address() : null;
        if (before != null && !before.equals(now)) {
            byAddress.remove(before, record);
        }
        record.publish();
        // Another one that was known there may have ended.
        if (now != null && (!now.equals(before) || byAddress.get(now) == null)) {
            byAddress.put(now, record);
        }
        count(before, now);
        if (record.state() == MemberState.DEAD) {
            failed.add(record);
        } else {
            failed.remove(record);
        }
        revision = revision + 1;
        changed.run();
    }

    private void count(@Nullable InetSocketAddress before, @Nullable InetSocketAddress now) {
        live = live + (now == null ? 0 : 1) - (before == null ? 0 : 1);
        if (live > 1 && !hasMetOthers) {
            metOthersNanos = loop.nanoTime();
            hasMetOthers = true;
        }
    }

    /** {@return a number that rises with every change} */
    public long revision() {
        return revision;
    }

    /** Removes members. */
    void removeIf(Predicate<MemberRecord> gone) {
        ring.removeIf(record -> {
            if (!gone.test(record)) {
                return false;
            }
            record.clearSuspicion();
            byName.remove(record.name(), record);
            failed.remove(record);
            InetSocketAddress before = record.listedAt();
            if (before != null) {
                byAddress.remove(before, record);
            }
            record.unlist();
            count(before, null);
            revision = revision + 1;
            return true;
        });
    }

    /** Puts the ring into a new random order. */
    void shuffle() {
        shuffle(ring);
    }

    /** {@return up to k different members that pass, chosen at random} */
    List<MemberRecord> random(int k, Predicate<MemberRecord> accept) {
        int n = ring.size();
        List<MemberRecord> chosen = new ArrayList<>(Math.min(k, n));
        if (n < 3 * k) {
            // Drawing could miss a member of a small cluster, so all are shuffled.
            List<MemberRecord> all = new ArrayList<>(ring);
            shuffle(all);
            for (int i = 0; i < n && chosen.size() < k; i++) {
                if (accept.test(all.get(i))) {
                    chosen.add(all.get(i));
                }
            }
            return chosen;
        }
        for (int i = 0; i < 3 * n && chosen.size() < k; i++) {
            MemberRecord candidate = ring.get(loop.random().nextInt(n));
            if (accept.test(candidate) && !chosen.contains(candidate)) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }

    /**
     * {@return up to k different members that pass, chosen at random}
     *
     * @param known how many of them, if there are so many, have ever answered this member. Anybody can announce thousands of
     *     members that do not exist, among which the others would hardly ever be chosen
     */
    List<MemberRecord> random(int k, int known, Predicate<MemberRecord> accept) {
        List<MemberRecord> chosen =
                new ArrayList<>(random(Math.min(k, known), record -> record.everAnswered() && accept.test(record)));
        chosen.addAll(random(k - chosen.size(), record -> !chosen.contains(record) && accept.test(record)));
        return chosen;
    }

    private record Snapshot(long revision, List<Member> members) {}

    private void shuffle(List<MemberRecord> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, loop.random().nextInt(i + 1));
        }
    }
}
