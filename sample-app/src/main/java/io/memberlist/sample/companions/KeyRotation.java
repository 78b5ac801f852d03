package io.memberlist.sample.companions;

import io.memberlist.config.Keyring;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.keys.KeyReport;
import io.memberlist.messaging.keys.KeyStepRefusedException;
import io.memberlist.sample.ClusterLog;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.transport.Causes;
import java.security.SecureRandom;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Replaces the key of the running cluster by a random one. */
@Component
public class KeyRotation {
    private static final int KEY_BYTES = 32;

    private final Companions companions;
    private final FaultInjectingNetwork network;
    private final ClusterLog log;
    private final @Nullable ClusterKeys keys;

    KeyRotation(
            Companions companions, FaultInjectingNetwork network, ClusterLog log, ObjectProvider<ClusterKeys> keys) {
        this.companions = companions;
        this.network = network;
        this.log = log;
        this.keys = keys.getIfAvailable();
    }

    /** {@return why the key cannot be rotated now, null if it can} */
    public @Nullable String whyNot() {
        if (keys == null) {
            return "The cluster is not encrypted, or accepts plaintext too: start all its members with"
                    + " --sample.encrypted=true, or with keys in memberlist.encryption.keys.";
        }
        if (network.isCut()) {
            return "The network is cut, and the other half would not learn the new key: heal it first.";
        }
        return companions.all().stream().anyMatch(one -> one.endpoint().isPaused())
                ? "A paused member would not learn the new key: resume it first."
                : null;
    }

    /** {@return the fingerprint of the new key} One rotation at a time, and no member starts meanwhile. */
    public String rotate() {
        possibleNow();
        return companions.withAllJoined(() -> replaceKey(possibleNow()));
    }

    private ClusterKeys possibleNow() {
        String reason = whyNot();
        if (reason != null || keys == null) {
            throw RejectedRequestException.because(String.valueOf(reason));
        }
        return keys;
    }

    private String replaceKey(ClusterKeys keys) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String fingerprint = Keyring.fingerprint(key);
        KeyReport installed = keys.install(key).join();
        if (!installed.complete()) {
            // Nobody encrypts with it. The answer does not wait again for the member that said nothing.
            keys.remove(fingerprint, true);
            throw RejectedRequestException.because(
                    "The key stays as it is, since not all members have installed a new one: " + missing(installed)
                            + ".");
        }
        log.add("action", "", "All " + installed.keys().size() + " members know the new key");
        try {
            keys.rotate(key).join();
        } catch (CompletionException e) {
            throw Causes.unwrap(e) instanceof KeyStepRefusedException refused
                    ? RejectedRequestException.because(
                            "The rotation is not complete. Rotate the key again: " + refused.getMessage() + ".")
                    : e;
        }
        log.add("action", "", "All members encrypt with the new key");
        return fingerprint;
    }

    private static String missing(KeyReport report) {
        return report.missing().entrySet().stream()
                .map(member -> member.getKey() + " (" + member.getValue() + ")")
                .collect(Collectors.joining(", "));
    }
}
