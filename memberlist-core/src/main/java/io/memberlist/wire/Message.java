package io.memberlist.wire;

/** A message of the protocol, unwrapped. Byte arrays in messages are shared, not copied: nobody changes them. */
public sealed interface Message
        permits Ping, IndirectPing, Ack, Nack, Suspect, Alive, Dead, UserMessage, PushPull, ErrorMessage {}
