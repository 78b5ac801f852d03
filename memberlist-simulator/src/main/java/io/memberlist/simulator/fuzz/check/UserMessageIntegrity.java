package io.memberlist.simulator.fuzz.check;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * What the application receives is what an application sent, byte for byte. Packets may be doubled by the network, so
 * arriving twice is no fault. Not to be asked of a run in which packets without encryption are corrupted or forged: only
 * some packets carry a checksum.
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
