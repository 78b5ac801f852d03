package io.memberlist.delegate;

import io.memberlist.member.Member;
import java.time.Duration;

/**
 * Gives a payload for every ack, and is notified of the round trips of direct pings. Called off the protocol's thread.
 */
public interface PingDelegate {
    /** {@return the payload for the next acks, small enough for a packet; empty for none} */
    byte[] ackPayload();

    /**
     * @param member the member that answered
     * @param roundTripTime from sending the ping to receiving the ack
     * @param payload what the delegate of that member put into the ack; empty for none
     */
    void pingCompleted(Member member, Duration roundTripTime, byte[] payload);
}
