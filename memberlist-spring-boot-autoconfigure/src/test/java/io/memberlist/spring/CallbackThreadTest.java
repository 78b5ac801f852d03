package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CallbackThreadTest {
    private final CallbackThread callbacks = new CallbackThread();

    @Test
    void runsTasksInOrderOnOneThreadAndEndsAfterThem() {
        List<String> threads = new CopyOnWriteArrayList<>();
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            callbacks.executor().execute(() -> {
                order.add(number);
                threads.add(Thread.currentThread().getName());
            });
        }

        callbacks.close();

        assertThat(order).hasSize(100).isSorted();
        assertThat(threads).containsOnly("memberlist-callbacks");
    }

    @Test
    void callbacksSeeTheClassLoaderOfTheApplication() {
        ClassLoader application = new ClassLoader(getClass().getClassLoader()) {};
        Thread.currentThread().setContextClassLoader(application);
        CallbackThread ofTheApplication = new CallbackThread();
        Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        List<ClassLoader> seen = new CopyOnWriteArrayList<>();

        ofTheApplication
                .executor()
                .execute(() -> seen.add(Thread.currentThread().getContextClassLoader()));
        ofTheApplication.close();

        assertThat(seen).containsExactly(application);
    }

    @Test
    void interruptsACallbackThatDoesNotEnd() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        callbacks.executor().execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });

        callbacks.close();

        interrupted.await();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void dropsWhatComesLate() {
        List<String> calls = new CopyOnWriteArrayList<>();
        callbacks.close();

        callbacks.executor().execute(() -> calls.add("late"));

        assertThat(calls).isEmpty();
    }
}
