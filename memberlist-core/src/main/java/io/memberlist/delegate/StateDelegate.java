package io.memberlist.delegate;

/**
 * Exchanges the application's own state with every push/pull: when a member joins, and with one member chosen at random every
 * {@code state-sync.interval} (30 seconds in {@code lan}, longer in clusters above 32 members). So a change reaches the others
 * after some such intervals and not at once: broadcast what has to arrive soon. Members may receive the same state several
 * times, and older state after newer, so merging must not depend on the order. Called off the protocol's thread, one call at a
 * time with all other callbacks; a slow delegate delays those.
 */
public interface StateDelegate {
    /**
     * @param join whether the exchange is a join
     * @return the state to send, at most {@code limits.user-state-size} (20 MiB by default); empty for none
     */
    byte[] localState(boolean join);

    /**
     * @param state what the other member sent, never empty
     * @param join whether the exchange is a join
     */
    void mergeRemoteState(byte[] state, boolean join);
}
