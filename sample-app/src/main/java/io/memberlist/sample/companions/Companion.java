package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.sample.network.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A member that this JVM runs.
 *
 * @param memberlist the member
 * @param endpoint its endpoint in the fault-injecting network
 */
public record Companion(Memberlist memberlist, Endpoint endpoint) {
    /** {@return its name} */
    public String name() {
        return memberlist.config().nodeName();
    }

    /** {@return the keys that it encrypts with, null if it does not encrypt} */
    public @Nullable Keyring keyring() {
        return memberlist.config().encryption().verifyOutgoing()
                ? memberlist.config().encryption().keyring()
                : null;
    }
}
