package io.memberlist.delegate;

/** Exchanges the application's own state with every push/pull. Called off the protocol's thread. */
public interface StateDelegate {
    /**
     * @param join whether the exchange is a join
     * @return the state to send, at most 20 MiB; empty for none
     */
    byte[] localState(boolean join);

    /**
     * @param state what the other member sent, never empty
     * @param join whether the exchange is a join
     */
    void mergeRemoteState(byte[] state, boolean join);
}
