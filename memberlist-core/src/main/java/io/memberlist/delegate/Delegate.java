package io.memberlist.delegate;

import java.util.List;

/**
 * Gives metadata and broadcasts, receives user messages and exchanges state: what the Go library calls the delegate. An
 * application that needs only one of them implements {@link MessageDelegate} or {@link StateDelegate} instead. Called off
 * the protocol's thread.
 */
public interface Delegate extends MessageDelegate, StateDelegate {
    /**
     * {@return this member's metadata} Called when the member is created and at each {@code updateNode}.
     *
     * @param limit the most bytes it may have
     */
    byte[] nodeMeta(int limit);

    /**
     * {@return messages to send along with gossip, each sent once; empty for none} Called before each packet of gossip,
     * off the protocol's thread, so what it returns travels with the packets that come next. Queue broadcasts instead
     * to have the engine repeat messages.
     *
     * @param overhead bytes each message costs beside its own
     * @param limit bytes available for messages and their overhead; what does not fit is dropped and counted
     */
    List<byte[]> broadcasts(int overhead, int limit);
}
