package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rotates the key as an operator does: all members install the new key, then all use it, then all remove the old one.
 */
final class KeyRotation {
    private static final long STEP = Duration.ofSeconds(5).toNanos();

    private final SimulatedCluster cluster;
    private final byte[] key;

    KeyRotation(SimulatedCluster cluster, byte[] key) {
        this.cluster = cluster;
        this.key = key;
    }

    void begin() {
        cluster.count(Fault.KEYS);
        List<byte[]> keys = cluster.settings.keys;
        keys.add(key);
        everywhere(keyring -> keyring.add(key));
        cluster.time.schedule(STEP, () -> {
            byte[] old = keys.get(0);
            keys.removeIf(one -> Arrays.equals(one, key));
            keys.add(0, key);
            everywhere(keyring -> {
                // A member that was still starting was passed by.
                keyring.add(key);
                keyring.use(key);
            });
            cluster.time.schedule(STEP, () -> remove(old));
        });
    }

    private void remove(byte[] old) {
        List<byte[]> keys = cluster.settings.keys;
        if (Arrays.equals(keys.get(0), old)) {
            return;
        }
        keys.removeIf(one -> Arrays.equals(one, old));
        everywhere(keyring -> {
            if (!Arrays.equals(keyring.primaryKey(), old)) {
                keyring.remove(old);
            }
        });
    }

    private void everywhere(Consumer<Keyring> step) {
        cluster.quiescence.disturb();
        for (Node node : cluster.nodes) {
            Memberlist member = node.process().member();
            Keyring keyring =
                    member == null ? null : member.config().encryption().keyring();
            if (keyring != null) {
                step.accept(keyring);
            }
        }
    }
}
