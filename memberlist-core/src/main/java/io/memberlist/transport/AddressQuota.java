package io.memberlist.transport;

import java.net.InetAddress;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A limit on something that remote addresses use up, such as streams served at a time. One address may hold no more than
 * half of it, so that nobody alone can keep all others out; and no less, because a whole cluster may sit behind one address
 * that is translated for all of its members. Confined to one thread.
 */
public final class AddressQuota {
    private final long total;
    private final SortedMap<InetAddress, Long> held = new TreeMap<>(AddressOrder.HOSTS);
    private long used;

    /** @param total how much all addresses together may hold */
    public AddressQuota(long total) {
        this.total = total;
    }

    /** {@return whether the address got that much more; if so, it has to be released} */
    public boolean tryAcquire(InetAddress address, long amount) {
        long all = held.getOrDefault(address, 0L) + amount;
        if (used + amount > total || all > (total + 1) / 2) {
            return false;
        }
        held.put(address, all);
        used += amount;
        return true;
    }

    /** Takes back what the address acquired. */
    public void release(InetAddress address, long amount) {
        used -= amount;
        held.computeIfPresent(address, (a, all) -> all > amount ? all - amount : null);
    }

    /** {@return how much all addresses together hold} */
    public long used() {
        return used;
    }
}
