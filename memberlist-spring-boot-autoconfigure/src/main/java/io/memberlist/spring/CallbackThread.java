package io.memberlist.spring;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of an application context for the engine's callbacks, so that a listener that blocks in one application
 * never delays another one in the same JVM.
 *
 * <p>Not itself an {@link Executor}: as a bean of that type it would replace the application's own task executor.
 */
public final class CallbackThread implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    private final ThreadPoolExecutor executor;

    /**
     * Starts the thread. Throws {@link OutOfMemoryError} if the system refuses it: callbacks would be lost later.
     */
    public CallbackThread() {
        // Listeners expect the class loader of the application.
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        executor = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "memberlist-callbacks");
                    thread.setDaemon(true);
                    thread.setContextClassLoader(application);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.prestartCoreThread();
    }

    /** {@return an executor that runs tasks one at a time and in order; after {@link #close} it drops them} */
    public Executor executor() {
        return executor;
    }

    /** Runs the tasks that wait, then ends; interrupts a callback that does not return within two seconds. */
    @Override
    public void close() {
        executor.shutdown();
        boolean ended = false;
        try {
            ended = executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            executor.shutdownNow();
        }
    }
}
