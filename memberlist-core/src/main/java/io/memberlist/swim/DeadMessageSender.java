package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Dead;

/** Sends a dead message to one member directly, beside gossip. */
@FunctionalInterface
interface DeadMessageSender {
    void send(Recipient to, Dead message);
}
