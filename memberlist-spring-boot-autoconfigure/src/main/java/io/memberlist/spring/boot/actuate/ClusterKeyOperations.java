package io.memberlist.spring.boot.actuate;

import io.memberlist.config.Keyring;
import io.memberlist.member.MemberlistException;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.keys.KeyReport;
import io.memberlist.messaging.keys.KeyStepRefusedException;
import io.memberlist.transport.Causes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** The steps of a key rotation at all members. Answers and errors show fingerprints, never keys. */
public final class ClusterKeyOperations {
    private static final String OPERATIONS = "list-keys, install-key, use-key, remove-key, rotate-key";

    private final ClusterKeys keys;

    /** @param keys asks all members */
    public ClusterKeyOperations(ClusterKeys keys) {
        this.keys = keys;
    }

    ClusterKeysDescriptor apply(String operation, @Nullable String key, boolean force) {
        try {
            KeyReport report =
                    begin(operation, key == null ? "" : key.strip(), force).join();
            return new ClusterKeysDescriptor(report.complete(), report.keys(), report.missing());
        } catch (CompletionException e) {
            if (Causes.unwrap(e) instanceof KeyStepRefusedException refused) {
                throw refused(String.valueOf(refused.getMessage()));
            }
            throw e;
        } catch (MemberlistException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private CompletableFuture<KeyReport> begin(String operation, String key, boolean force) {
        return switch (operation) {
            case "list-keys" -> keys.list();
            case "install-key" -> keys.install(KeyOperation.decoded(key));
            case "use-key" -> keys.use(fingerprint(key), force);
            case "remove-key" -> keys.remove(fingerprint(key), force);
            case "rotate-key" -> keys.rotate(KeyOperation.decoded(key));
            default -> throw refused("there is no such operation: use one of " + OPERATIONS);
        };
    }

    private static String fingerprint(String key) {
        return KeyOperation.isFingerprint(key)
                ? key.toLowerCase(Locale.ROOT)
                : Keyring.fingerprint(KeyOperation.decoded(key));
    }

    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }

    /**
     * What the members said.
     *
     * @param complete whether every live member has done the step
     * @param keys the fingerprints of the keys of each member that answered, the primary's first
     * @param missing why a member has not done the step, by its name
     */
    public record ClusterKeysDescriptor(boolean complete, Map<String, List<String>> keys, Map<String, String> missing)
            implements OperationResponseBody {}
}
