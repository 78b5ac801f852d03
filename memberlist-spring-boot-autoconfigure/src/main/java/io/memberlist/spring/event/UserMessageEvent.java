package io.memberlist.spring.event;

import io.memberlist.Memberlist;

/** A user message arrived. The protocol does not say from whom. Delivered in the same manner as the membership events. */
public final class UserMessageEvent extends MemberlistEvent {
    private static final long serialVersionUID = 1L;

    private final byte[] payload;

    /**
     * @param memberlist the member that received the message
     * @param payload the bytes that were sent; copied
     */
    public UserMessageEvent(Memberlist memberlist, byte[] payload) {
        super(memberlist);
        this.payload = payload.clone();
    }

    /** {@return a copy of the bytes that were sent; may be empty} */
    public byte[] payload() {
        return payload.clone();
    }

    @Override
    public String toString() {
        return "UserMessageEvent[" + payload.length + " bytes]";
    }
}
