package io.memberlist.delegate;

import io.memberlist.member.Member;
import java.time.Duration;

/** Sends a payload with every ack and hears of the round trips of direct pings. Called off the protocol's thread. */
public interface PingDelegate {
    /** {@return the payload for the next acks, small enough for a packet; empty for none} */
    byte[] ackPayload();

    /**
     * @param member who answered
     * @param roundTripTime from sending the ping to receiving the ack
     * @param payload what the member's own delegate put into the ack; empty where there was none
     */
    void pingCompleted(Member member, Duration roundTripTime, byte[] payload);
}
