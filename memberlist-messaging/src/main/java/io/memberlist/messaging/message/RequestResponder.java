package io.memberlist.messaging.message;

import java.util.concurrent.CompletionStage;

/** Answers the requests of a topic: called for one at a time, off the protocol's thread. */
@FunctionalInterface
public interface RequestResponder {
    /**
     * @param request what is asked
     * @return the answer, which may come later; {@link java.util.concurrent.CompletableFuture#completedFuture} for one that
     *     is there. A failure's message goes back to who asked, cut at 512 bytes
     * @throws Exception as a failed answer
     */
    CompletionStage<byte[]> answer(ClusterMessage request) throws Exception;
}
