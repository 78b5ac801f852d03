package io.memberlist;

import java.util.concurrent.CompletableFuture;

/** The engine behind {@link Memberlist}. */
final class DefaultMemberlist {
    private DefaultMemberlist() {}

    static CompletableFuture<Memberlist> start(MemberlistConfig config) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(config.nodeName()));
    }
}
