package io.memberlist.swim;

/**
 * Which of Lifeguard's three parts are at work, and what this engine adds to them. For experiments that compare them, as the
 * paper does in its Table IV; a member of a real cluster has all of them.
 *
 * @param localHealthProbe whether a member that seems slow itself probes more patiently, and asks for nacks to find out
 * @param localHealthSuspicion whether confirmations shorten a suspicion; without, it lasts the shortest time from the start
 * @param buddySystem whether the next ping to a suspected member carries the suspicion
 * @param stallAwareness whether a member judges nobody by what it did not hear while it stood still: not part of Lifeguard
 */
public record LifeguardSwitches(
        boolean localHealthProbe, boolean localHealthSuspicion, boolean buddySystem, boolean stallAwareness) {
    /** Everything. */
    public static final LifeguardSwitches ALL = new LifeguardSwitches(true, true, true, true);
}
