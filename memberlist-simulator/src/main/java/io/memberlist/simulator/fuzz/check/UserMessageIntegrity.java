package io.memberlist.simulator.fuzz.check;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Every user message and user state that an application receives was sent by an application, byte for byte. The network
 * may duplicate packets, so a message may arrive twice. This does not hold if unencrypted packets are corrupted or
 * forged, since only some packets carry a checksum.
 */
public final class UserMessageIntegrity implements Checker {
    private final Set<ByteBuffer> sent = new HashSet<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.UserMessageSent one) {
            sent.add(ByteBuffer.wrap(one.message()));
        } else if (observation instanceof Observation.UserMessageReceived one
                && !sent.contains(ByteBuffer.wrap(one.message()))) {
            report.violated(
                    one.observer() + " received " + one.message().length + " bytes that nobody sent: " + one.text());
        }
    }
}
