package io.memberlist.swim;

import static io.memberlist.swim.EventBacklogTest.Type.FAILED;
import static io.memberlist.swim.EventBacklogTest.Type.JOINED;
import static io.memberlist.swim.EventBacklogTest.Type.LEFT;
import static io.memberlist.swim.EventBacklogTest.Type.RECOVERED;
import static io.memberlist.swim.EventBacklogTest.Type.SUSPECTED;
import static io.memberlist.swim.EventBacklogTest.Type.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.metrics.DropReason;
import io.memberlist.testing.MemberLines;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallbacksTest {
    private final Queue<Runnable> submitted = new ArrayDeque<>();
    private final Counters counters = new Counters();
    private final List<Object> heard = Collections.synchronizedList(new ArrayList<>());
    private final Callbacks callbacks = callbacks(submitted::add);

    @Test
    void nothingIsCalledOnTheCallersThread() {
        callbacks.call(() -> heard.add("joined"));

        assertThat(heard).isEmpty();
        runSubmitted();
        assertThat(heard).containsExactly("joined");
    }

    @Test
    void callsKeepTheirOrder() {
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            callbacks.call(() -> heard.add(number));
        }
        runSubmitted();

        assertThat(heard)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void theExecutorIsAskedForOneTaskAtATimeAndGivenBackInBetween() {
        for (int i = 0; i < 200; i++) {
            callbacks.call(() -> heard.add("x"));
        }
        int turns = 0;
        while (!submitted.isEmpty()) {
            assertThat(submitted).hasSize(1);
            submitted.remove().run();
            turns++;
        }

        assertThat(heard).hasSize(200);
        assertThat(turns).as("a busy member leaves room for others").isGreaterThan(1);
    }

    @Test
    void neverTwoAtOnceOnManyThreads() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Callbacks shared = callbacks(pool);
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean overlapped = new AtomicBoolean();
            int calls = 20_000;
            CountDownLatch done = new CountDownLatch(calls);
            for (int i = 0; i < calls; i++) {
                int number = i;
                shared.call(() -> {
                    if (inside.incrementAndGet() > 1) {
                        overlapped.set(true);
                    }
                    heard.add(number);
                    inside.decrementAndGet();
                    done.countDown();
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(overlapped).isFalse();
            assertThat(heard)
                    .containsExactlyElementsOf(IntStream.range(0, calls).boxed().toList());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aCallbackMayCauseAnother() {
        callbacks.call(() -> callbacks.call(() -> heard.add("second")));
        runSubmitted();

        assertThat(heard).containsExactly("second");
    }

    @Test
    void aThrowingCallbackHarmsNothingElse() {
        callbacks.call(() -> {
            throw new IllegalStateException("on purpose");
        });
        callbacks.call(() -> heard.add("after an exception"));
        callbacks.call(() -> {
            throw new StackOverflowError("on purpose");
        });
        callbacks.call(() -> heard.add("after an error"));
        callbacks.call(() -> {
            throw sneaky(new InterruptedException("checked, as other JVM languages throw it"));
        });
        callbacks.call(() -> heard.add("after a checked exception"));
        runSubmitted();

        assertThat(heard).containsExactly("after an exception", "after an error", "after a checked exception");
    }

    @Test
    void messagesBeyondTheBoundAreDroppedAndCounted() {
        for (int i = 0; i < 7; i++) {
            callbacks.message(message -> heard.add(message[0]), new byte[] {(byte) i});
        }
        runSubmitted();

        assertThat(heard).containsExactly((byte) 0, (byte) 1, (byte) 2, (byte) 3);
        assertThat(counters.dropped(DropReason.QUEUE_FULL)).isEqualTo(3);
    }

    @Test
    void thereIsRoomAgainOnceMessagesWereDelivered() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                callbacks.message(message -> heard.add("message"), new byte[0]);
            }
            runSubmitted();
        }

        assertThat(heard).hasSize(12);
        assertThat(counters.dropped(DropReason.QUEUE_FULL)).isZero();
    }

    @Test
    void messagesThatFailLeaveRoomToo() {
        for (int i = 0; i < 10; i++) {
            callbacks.message(
                    message -> {
                        throw new IllegalStateException("on purpose");
                    },
                    new byte[0]);
            runSubmitted();
        }

        assertThat(counters.dropped(DropReason.QUEUE_FULL)).isZero();
    }

    @Test
    void membershipCallsAreNeverLost() {
        for (int i = 0; i < 500; i++) {
            callbacks.message(message -> {}, new byte[0]);
            callbacks.call(() -> heard.add("joined"));
        }
        runSubmitted();

        assertThat(heard).hasSize(500);
        assertThat(counters.dropped(DropReason.QUEUE_FULL)).isEqualTo(496);
    }

    @Test
    void membershipEventsOfMembersThatComeAndGoDoNotPileUp() {
        EventDelegate delegate = event ->
                heard.add(EventBacklogTest.Type.of(event) + " " + event.member().name());
        callbacks.event(delegate, event(JOINED, "self"));
        callbacks.event(delegate, event(JOINED, "a"));
        callbacks.event(delegate, event(JOINED, "b"));
        callbacks.event(delegate, event(SUSPECTED, "b"));
        for (int i = 0; i < 10_000; i++) {
            callbacks.event(delegate, event(JOINED, "c" + i));
            callbacks.event(delegate, event(SUSPECTED, "a"));
            callbacks.event(delegate, event(RECOVERED, "a"));
            callbacks.event(delegate, event(LEFT, "c" + i));
        }
        callbacks.event(delegate, event(FAILED, "b"));
        callbacks.event(delegate, event(JOINED, "d"));
        runSubmitted();
        callbacks.event(delegate, event(UPDATED, "d"));
        runSubmitted();

        assertThat(heard)
                .containsExactly(
                        "JOINED self", "JOINED a", "JOINED b", "SUSPECTED b", "FAILED b", "JOINED d", "UPDATED d");
        assertThat(counters.dropped(DropReason.EVENT_COLLAPSED)).isEqualTo(40_000);
    }

    @Test
    void noMembershipEventIsLostThatStillMatters() {
        List<String> joined = new ArrayList<>();
        EventDelegate delegate = event -> {
            joined.add(event.member().name());
            throw new IllegalStateException("on purpose");
        };
        for (int i = 0; i < 1_000; i++) {
            callbacks.event(delegate, event(JOINED, "m" + i));
        }
        runSubmitted();

        assertThat(joined).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(counters.dropped(DropReason.EVENT_COLLAPSED)).isZero();
    }

    private static MemberEvent event(EventBacklogTest.Type type, String name) {
        return EventBacklogTest.event(type, name, 0);
    }

    @Test
    void namesTheEventOnWhichTheApplicationFailed() {
        MemberEvent event = event(FAILED, "b");
        try (MemberLines lines = MemberLines.of("self")) {
            callbacks.event(
                    any -> {
                        throw new IllegalStateException("on purpose");
                    },
                    event);
            runSubmitted();

            assertThat(lines.complaints()).containsExactly("a callback of the application failed on " + event);
        }
    }

    @Test
    void whatAnExecutorRejectedIsCalledLater() {
        AtomicInteger rejections = new AtomicInteger(1);
        Callbacks moody = callbacks(task -> {
            if (rejections.getAndDecrement() > 0) {
                throw new RejectedExecutionException("on purpose");
            }
            submitted.add(task);
        });
        moody.call(() -> heard.add("first"));
        assertThat(submitted).isEmpty();
        moody.call(() -> heard.add("second"));
        runSubmitted();

        assertThat(heard).containsExactly("first", "second");
    }

    @Test
    void anExecutorThatFailsInAnyOtherWayHarmsNothingEither() {
        AtomicInteger failures = new AtomicInteger(1);
        Callbacks moody = callbacks(task -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("on purpose");
            }
            submitted.add(task);
        });
        moody.call(() -> heard.add("first"));
        moody.call(() -> heard.add("second"));
        runSubmitted();

        assertThat(heard).containsExactly("first", "second");
    }

    @Test
    void anExecutorThatRunsOnTheSpotWorks() {
        Callbacks direct = callbacks(Runnable::run);
        direct.call(() -> {
            heard.add("outer");
            direct.call(() -> heard.add("inner"));
            heard.add("outer ends");
        });

        assertThat(heard).containsExactly("outer", "outer ends", "inner");
    }

    private Callbacks callbacks(Executor executor) {
        return new Callbacks(
                executor, "self", 4, new MemberLog(new VirtualEventLoop(new VirtualTime(), 1), counters, "self"));
    }

    private void runSubmitted() {
        while (!submitted.isEmpty()) {
            submitted.remove().run();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }
}
