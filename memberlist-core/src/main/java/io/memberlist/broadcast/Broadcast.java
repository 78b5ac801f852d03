package io.memberlist.broadcast;

/** Something that is spread through the cluster by gossip. */
public interface Broadcast {
    /**
     * {@return the bytes to spread} Called often: the same array each time, not changed afterwards.
     */
    byte[] message();

    /**
     * Tells whether this broadcast, newly queued, makes a waiting one pointless. Not asked of or about
     * {@linkplain NamedBroadcast named} and {@linkplain UniqueBroadcast unique} ones.
     */
    default boolean invalidates(Broadcast waiting) {
        return false;
    }

    /** Called once, when it will not be sent any more: sent often enough, invalidated, pruned, or the member stopped. */
    default void finished() {}
}
