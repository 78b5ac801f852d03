package io.memberlist.delegate;

/**
 * Receives user messages. Calls come off the protocol's thread, one at a time. Messages beyond
 * {@code handoffQueueDepth}, or beyond 64 MiB that wait, are dropped and counted.
 */
@FunctionalInterface
public interface MessageDelegate {
    /** @param message the payload, owned by the callee; may be empty */
    void messageReceived(byte[] message);
}
