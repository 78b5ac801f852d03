package io.memberlist.messaging.message;

/** Handles the messages of a subscription: one at a time, in order, off the protocol's thread. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * @param message what arrived
     * @throws Exception is logged and counted, and harms nobody else
     */
    void messageReceived(ClusterMessage message) throws Exception;
}
