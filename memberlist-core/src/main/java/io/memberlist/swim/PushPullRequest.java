package io.memberlist.swim;

import io.memberlist.transport.Completion;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.PushPull;

/** A push/pull that another member has begun, and for whose answer it waits. */
interface PushPullRequest {
    /** {@return who has sent it} */
    Teller teller();

    /** {@return the state of the other side} */
    PushPull state();

    /** @param completion notified when the network has the answer, or of why it has not */
    void answer(Message answer, Completion<Void> completion);

    /** Encodes a state with which others are answered too. */
    void encode(SharedState answer, Completion<byte[]> then);

    /** Sends an answer that is encoded, unless the other side has gone. */
    void send(byte[] answer, Completion<Void> completion);

    /** Ends the stream. */
    void end();
}
