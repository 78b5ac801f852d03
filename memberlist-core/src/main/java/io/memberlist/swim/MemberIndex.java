package io.memberlist.swim;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds members by a key that others choose: a hash table with open addressing. A member of a cluster has an entry for each of the
 * others, and the entry of a hash map of the JDK takes four times as many bytes. Changed on the loop only; any thread may read.
 *
 * @param <K> the type of the key
 */
final class MemberIndex<K> {
    private static final int FEWEST_SLOTS = 16;
    /** What stands where a member was removed: readers look on behind it. */
    private static final Object REMOVED = new Object();

    private final ToLongFunction<K> hash;
    private final Function<MemberRecord, @Nullable K> key;
    private volatile AtomicReferenceArray<@Nullable Object> slots = new AtomicReferenceArray<>(FEWEST_SLOTS);
    private int size;
    private int removed;

    /**
     * @param hash good in its highest bits
     * @param key under which a member is listed
     */
    MemberIndex(ToLongFunction<K> hash, Function<MemberRecord, @Nullable K> key) {
        this.hash = hash;
        this.key = key;
    }

    /** {@return the member that is listed under a key, or null} */
    @Nullable
    MemberRecord get(K wanted) {
        AtomicReferenceArray<@Nullable Object> now = slots;
        int slot = find(now, wanted);
        // Where there was none, another one may stand by now.
        return now.get(slot) instanceof MemberRecord found && isUnder(wanted, found) ? found : null;
    }

    /** Lists a member, which has the key, in place of the one that is listed under it. */
    void put(K wanted, MemberRecord member) {
        int slot = find(slots, wanted);
        if (slots.get(slot) == null) {
            size++;
            if (4L * (size + removed) > 3L * slots.length()) {
                rebuild();
                slot = find(slots, wanted);
            }
        }
        slots.set(slot, member);
    }

    /** Ends the listing of a member under a key, which it still has. Does nothing if another one is listed under it. */
    void remove(K wanted, MemberRecord member) {
        int slot = find(slots, wanted);
        if (slots.get(slot) == member) {
            slots.set(slot, REMOVED);
            size--;
            removed++;
        }
    }

    /** Passes each member on. A change that another thread makes meanwhile may be seen or not. */
    void forEach(Consumer<MemberRecord> action) {
        AtomicReferenceArray<@Nullable Object> now = slots;
        for (int i = 0; i < now.length(); i++) {
            if (now.get(i) instanceof MemberRecord member) {
                action.accept(member);
            }
        }
    }

    /** {@return the slot of a key, or the empty one where it would stand} */
    private int find(AtomicReferenceArray<@Nullable Object> in, K wanted) {
        int last = in.length() - 1;
        int slot = (int) (hash.applyAsLong(wanted) >>> Long.numberOfLeadingZeros(last));
        while (in.get(slot) != null && !(in.get(slot) instanceof MemberRecord member && isUnder(wanted, member))) {
            slot = slot + 1 & last;
        }
        return slot;
    }

    private boolean isUnder(K wanted, MemberRecord member) {
        return wanted.equals(key.apply(member));
    }

    /** Others read the former table to its end. */
    private void rebuild() {
        int length = FEWEST_SLOTS;
        while (length < 2 * size) {
            length *= 2;
        }
        AtomicReferenceArray<@Nullable Object> next = new AtomicReferenceArray<>(length);
        forEach(member -> next.set(find(next, Objects.requireNonNull(key.apply(member))), member));
        removed = 0;
        slots = next;
    }
}
