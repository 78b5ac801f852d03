package io.memberlist.swim;

import io.memberlist.transport.AddressQuota;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message.PushPull;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers those together who ask for this member's state at nearly the same time. While a state is collected and encoded for some,
 * those who ask meanwhile wait for the next one. Where a thousand members join together, to encode the state for each of them
 * takes longer than they wait for it, and those who give up come back and ask again.
 *
 * <p>What has been sent and not been taken by the network is bounded in bytes, so that those who ask and do not read hold no more
 * memory, and a turn of the loop sends no more.
 */
final class SharedAnswers {
    private static final int MOST_WAITING = 4096;
    /** For one address half of them. */
    private static final long MOST_BYTES_UNDER_WAY = 32L * 1024 * 1024;

    private static final Consumer<@Nullable Throwable> IGNORED = failure -> {};

    private final Context context;
    private final Consumer<Consumer<PushPull>> collector;
    private final Consumer<PushPullRequest> merge;
    private final AddressQuota waitingBy = new AddressQuota(MOST_WAITING);
    private final AddressQuota underWay = new AddressQuota(MOST_BYTES_UNDER_WAY);
    private final Queue<Unsent> unsent = new ArrayDeque<>();
    private List<Waiting> waiting = new ArrayList<>();
    private final long pauseNanos;
    private EventLoop.Timer pause = () -> {};
    private boolean busy;
    private long busySinceNanos;
    private long collectedNanos;
    private boolean stopped;

    /** @param then called when the request is answered, or when that failed */
    private record Waiting(PushPullRequest request, Consumer<@Nullable Throwable> then) {
        InetAddress address() {
            return request.teller().address();
        }
    }

    /** An answer that is encoded, and waits until others have left. */
    private record Unsent(Waiting to, byte[] bytes) {
        long size() {
            return Math.min(bytes.length, MOST_BYTES_UNDER_WAY / 2);
        }
    }

    /**
     * @param pauseNanos from one state to the next; those who ask meanwhile wait
     * @param collector collects the state for whom it is given, perhaps at once
     * @param merge merges what a request brings
     */
    SharedAnswers(
            Context context, long pauseNanos, Consumer<Consumer<PushPull>> collector, Consumer<PushPullRequest> merge) {
        this.context = context;
        this.pauseNanos = pauseNanos;
        this.collectedNanos = context.loop().nanoTime() - pauseNanos;
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
        if (!isBusy() && pauseLeft() <= 0) {
            waiting.add(new Waiting(request, failure -> {
                if (failure == null) {
                    merge.accept(request);
                }
            }));
            answerWaiting();
            return true;
        }
        waiting.add(new Waiting(request, IGNORED));
        if (!isBusy()) {
            answerWaiting();
        }
        merge.accept(request);
        return true;
    }

    void stop() {
        stopped = true;
        pause.cancel();
    }

    /** {@return how many wait} */
    long waiting() {
        return waitingBy.used();
    }

    /** Whatever goes wrong while a state is collected, those who ask after the time of a stream are answered. */
    private boolean isBusy() {
        return busy && context.loop().nanoTime() - busySinceNanos < context.streamTimeoutNanos();
    }

    private void answerWaiting() {
        pause.cancel();
        if (stopped) {
            return;
        }
        busy = true;
        busySinceNanos = context.loop().nanoTime();
        long early = pauseLeft();
        if (early > 0) {
            pause = context.loop().schedule(early, this::collect);
        } else {
            collect();
        }
    }

    /** Who asks gives up after the time of a stream. */
    private long pauseLeft() {
        long pauseOfNow = Math.min(pauseNanos, context.streamTimeoutNanos() / 4);
        return collectedNanos + pauseOfNow - context.loop().nanoTime();
    }

    private void collect() {
        collectedNanos = context.loop().nanoTime();
        try {
            collector.accept(this::encode);
        } catch (RuntimeException | Error e) {
            busy = false;
            throw e;
        }
    }

    private void encode(PushPull state) {
        List<Waiting> answered = waiting;
        waiting = new ArrayList<>();
        answered.forEach(each -> waitingBy.release(each.address(), 1));
        SharedState shared = new SharedState(state);
        for (Waiting each : answered) {
            each.request().encode(shared, (bytes, failure) -> {
                if (bytes == null) {
                    end(each, failure);
                } else {
                    unsent.add(new Unsent(each, bytes));
                }
            });
        }
        shared.whenEncoded(() -> {
            busy = false;
            if (!waiting.isEmpty()) {
                answerWaiting();
            }
            send();
        });
    }

    /** Sends as many as may be under way. */
    private void send() {
        for (Iterator<Unsent> each = unsent.iterator(); each.hasNext(); ) {
            Unsent next = each.next();
            if (underWay.tryAcquire(next.to().address(), next.size())) {
                each.remove();
                context.loop().execute(() -> send(next));
            }
        }
    }

    private void send(Unsent next) {
        next.to().request().send(next.bytes(), (nothing, failure) -> {
            underWay.release(next.to().address(), next.size());
            end(next.to(), failure);
            send();
        });
    }

    private static void end(Waiting answered, @Nullable Throwable failure) {
        answered.request().end();
        answered.then().accept(failure);
    }
}
