package io.memberlist.messaging.message;

/** A handler or responder at work, until it is closed. Safe from any thread. */
public interface Subscription extends AutoCloseable {
    /** {@return the topic; empty for every topic} */
    String topic();

    /** {@return the messages that wait for the handler} */
    int waiting();

    /** {@return the messages that were dropped because too many waited} */
    long dropped();

    /** {@return the messages at which the handler threw} */
    long failed();

    /** No message is handled from now on, save one that is being handled. Harmless when closed. */
    @Override
    void close();
}
