package io.memberlist.swim;

import io.memberlist.transport.AddressQuota;
import io.memberlist.wire.Message.PushPull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers those together who ask for this member's state at nearly the same time. While a state is collected and encoded for some,
 * those who ask meanwhile wait for the next one. Where a thousand members join together, to encode the state for each of them
 * takes longer than they wait for it, and those who give up come back and ask again.
 */
final class SharedAnswers {
    private static final int MOST_WAITING = 4096;
    private static final Consumer<@Nullable Throwable> IGNORED = failure -> {};

    private final Consumer<Consumer<PushPull>> collector;
    private final Consumer<PushPullRequest> merge;
    private final AddressQuota waitingBy = new AddressQuota(MOST_WAITING);
    private List<PushPullRequest> waiting = new ArrayList<>();
    private boolean busy;

    /**
     * @param collector collects the state for whom it is given, perhaps at once
     * @param merge merges what a request brings
     */
    SharedAnswers(Consumer<Consumer<PushPull>> collector, Consumer<PushPullRequest> merge) {
        this.collector = collector;
        this.merge = merge;
    }

    /**
     * Answers a request, and merges what it brings: after it is answered, as the Go library does, or before, where it waits with
     * others, who are told of each other thereby.
     *
     * @return false if too many wait, or half as many from one address
     */
    boolean answer(PushPullRequest request) {
        if (!waitingBy.tryAcquire(request.teller().address(), 1)) {
            return false;
        }
        waiting.add(request);
        if (busy) {
            merge.accept(request);
        } else {
            answerWaiting(failure -> {
                if (failure == null) {
                    merge.accept(request);
                }
            });
        }
        return true;
    }

    /** {@return how many wait} */
    long waiting() {
        return waitingBy.used();
    }

    /** @param then called when the first of them is answered, or when that failed */
    private void answerWaiting(Consumer<@Nullable Throwable> then) {
        busy = true;
        try {
            collector.accept(state -> answer(state, then));
        } catch (RuntimeException | Error e) {
            // Those that wait are answered with the next one.
            busy = false;
            throw e;
        }
    }

    private void answer(PushPull state, Consumer<@Nullable Throwable> then) {
        List<PushPullRequest> answered = waiting;
        waiting = new ArrayList<>();
        SharedState shared = new SharedState(state);
        Consumer<@Nullable Throwable> next = then;
        for (PushPullRequest request : answered) {
            Consumer<@Nullable Throwable> first = next;
            next = IGNORED;
            waitingBy.release(request.teller().address(), 1);
            request.answer(shared, (nothing, failure) -> {
                request.end();
                first.accept(failure);
            });
        }
        shared.whenEncoded(() -> {
            busy = false;
            if (!waiting.isEmpty()) {
                answerWaiting(IGNORED);
            }
        });
    }
}
