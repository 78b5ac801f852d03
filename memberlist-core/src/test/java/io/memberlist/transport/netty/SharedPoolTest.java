package io.memberlist.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedPoolTest {
    private final Semaphore threadsLeft = new Semaphore(1_000);
    private final AtomicInteger started = new AtomicInteger();
    private final SpareThread spare = new SpareThread(this::daemon);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void unblock() {
        over.countDown();
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts threads while the system has some left. */
    private Thread limited(Runnable task) {
        return new Thread(task) {
            {
                setDaemon(true);
            }

            @Override
            public synchronized void start() {
                if (!threadsLeft.tryAcquire()) {
                    throw new OutOfMemoryError("unable to create native thread (in this test)");
                }
                started.incrementAndGet();
                super.start();
            }
        };
    }

    private SharedPool pool(int prompt, int most) {
        return new SharedPool((number, task) -> limited(task), prompt, most, spare);
    }

    private void none() {
        threadsLeft.drainPermits();
    }

    private void block() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyTaskRunsWhereNoThreadCanBeStarted() throws InterruptedException {
        none();
        spare.acquire();
        CountDownLatch ran = new CountDownLatch(1_000);
        SharedPool pool = pool(4, 4);
        for (int i = 0; i < 1_000; i++) {
            pool.execute(ran::countDown);
        }

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(started).hasValue(0);
    }

    @Test
    void everyTaskRunsWhereThreadsRunOut() throws InterruptedException {
        none();
        threadsLeft.release(2);
        spare.acquire();
        CountDownLatch ran = new CountDownLatch(1_000);
        SharedPool pool = pool(4, 4);
        for (int i = 0; i < 1_000; i++) {
            pool.execute(ran::countDown);
        }

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(started.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aTaskRunsAlthoughAllThreadsAreBlockedAndNoOtherCanBeStarted() throws InterruptedException {
        none();
        threadsLeft.release(2);
        spare.acquire();
        SharedPool pool = pool(4, 4);
        pool.execute(this::block);
        pool.execute(this::block);
        CountDownLatch ran = new CountDownLatch(2);
        pool.execute(ran::countDown);
        pool.execute(ran::countDown);

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPoolThatIsStuckGrows() throws InterruptedException {
        spare.acquire();
        SharedPool pool = pool(2, 10);
        for (int i = 0; i < 5; i++) {
            pool.execute(this::block);
        }
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(ran::countDown);

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(started.get()).isBetween(6, 10);
    }

    @Test
    void aPoolGrowsToItsBoundAndNotBeyond() throws InterruptedException {
        spare.acquire();
        SharedPool pool = pool(2, 3);
        CountDownLatch begun = new CountDownLatch(3);
        for (int i = 0; i < 10; i++) {
            pool.execute(() -> {
                begun.countDown();
                block();
            });
        }
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        pool.relieve();
        pool.relieve();
        pool.relieve();

        assertThat(started).hasValue(3);
        assertThat(pool.isBehind()).isTrue();
    }

    @Test
    void withoutASpareThreadTheCallerRunsWhatHasNoThread() {
        none();
        SharedPool pool = pool(4, 4);
        List<Thread> ranOn = new ArrayList<>();
        pool.execute(() -> ranOn.add(Thread.currentThread()));

        assertThat(ranOn).containsExactly(Thread.currentThread());
    }

    @Test
    void aTaskThatThrowsHarmsNoOther() throws InterruptedException {
        spare.acquire();
        CountDownLatch ran = new CountDownLatch(1);
        SharedPool pool = pool(1, 1);
        pool.execute(() -> {
            throw new AssertionError("a task that throws");
        });
        pool.execute(ran::countDown);

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(started).hasValue(1);
    }

    @Test
    void theSpareThreadIsThereForTheFirstUserOrTheUserIsRefused() {
        ThreadFactory refusing = this::limited;
        none();
        SpareThread none = new SpareThread(refusing);
        assertThatThrownBy(none::acquire).isInstanceOf(OutOfMemoryError.class);
        assertThat(none.lookAfter(pool(1, 1))).isFalse();

        threadsLeft.release(1);
        none.acquire();
        assertThat(none.lookAfter(pool(1, 1))).isTrue();
    }

    @Test
    void idleThreadsEndWithTheLastUserAndTheNextOnesAreNumberedAnew() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        SharedPool pool = new SharedPool(
                (number, task) -> {
                    Thread thread = daemon(task);
                    thread.setName("thread " + number);
                    threads.add(thread);
                    return thread;
                },
                2,
                2,
                spare);
        for (int i = 0; i < 2; i++) {
            spare.acquire();
            CountDownLatch ran = new CountDownLatch(1);
            pool.execute(ran::countDown);
            ran.await();
            spare.release();
            pool.wakeIdle();
            threads.get(i).join();
        }

        assertThat(threads).extracting(Thread::getName).containsExactly("thread 1", "thread 1");
    }
}
