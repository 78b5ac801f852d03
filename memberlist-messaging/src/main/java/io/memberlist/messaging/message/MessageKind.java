package io.memberlist.messaging.message;

/** What a message is meant for. */
public enum MessageKind {
    /** To everybody. */
    BROADCAST,
    /** To this member. */
    DIRECT,
    /** To this member, which shall answer. */
    REQUEST,
    /** The answer to a request. */
    ANSWER
}
