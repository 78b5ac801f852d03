package io.memberlist.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Something that there is only so much of, such as streams served at a time. One address may hold no more than half of it,
 * so that nobody alone can keep all others out. It is not less than that because a whole cluster may sit behind one address
 * that translates for all of its members. Confined to one thread.
 */
public final class Shares {
    private final long total;
    private final Map<InetAddress, Long> held = new HashMap<>();
    private long taken;

    /** @param total how much there is */
    public Shares(long total) {
        this.total = total;
    }

    /** {@return whether the address could have so much more; if so, it has to be given back} */
    public boolean take(InetAddress address, long amount) {
        long all = held.getOrDefault(address, 0L) + amount;
        if (taken + amount > total || all > (total + 1) / 2) {
            return false;
        }
        held.put(address, all);
        taken += amount;
        return true;
    }

    /** Takes back what the address had. */
    public void give(InetAddress address, long amount) {
        taken -= amount;
        held.computeIfPresent(address, (a, all) -> all > amount ? all - amount : null);
    }

    /** {@return how much is held by all} */
    public long taken() {
        return taken;
    }
}
