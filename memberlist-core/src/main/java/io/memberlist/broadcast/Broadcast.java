package io.memberlist.broadcast;

/** A message that gossip spreads through the cluster. */
public interface Broadcast {
    /**
     * {@return the bytes to spread} Called often; returns the same array each time, which nobody changes.
     */
    byte[] message();

    /**
     * Tells whether this broadcast, when it is queued, replaces one that waits. Not called on
     * {@linkplain NamedBroadcast named} and {@linkplain UniqueBroadcast unique} broadcasts, nor with them.
     */
    default boolean invalidates(Broadcast waiting) {
        return false;
    }

    /**
     * Called once, when the broadcast will not be sent any more: it was sent often enough, was replaced or pruned, or the
     * member has stopped.
     */
    default void finished() {}
}
