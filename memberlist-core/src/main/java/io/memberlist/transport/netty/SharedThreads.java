package io.memberlist.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Manages the few threads that all members share. They start with the first lease and end with the last; a later lease
 * starts them again. Safe from any thread.
 */
final class SharedThreads {
    private static final int MAX_LOOPS = 4;
    private static final int WORKERS = 2;
    private static final int CALLBACK_THREADS = 16;
    private static final long WORKER_IDLE_SECONDS = 10;
    private static final long SHUTDOWN_SECONDS = 5;

    /**
     * Runs callbacks of applications. No lease ends it, because a member notifies its application even after its network is
     * closed. Idle threads end by themselves.
     */
    static final Executor CALLBACKS = Threads.pool("memberlist-callback-", CALLBACK_THREADS);

    /** Has no limit: a completion may block, and one that waits for another must not keep that one from a thread. */
    static final Executor COMPLETIONS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Threads.named("memberlist-future-", true));

    private final IoBackend io;
    private @Nullable Threads threads;
    private int leases;

    SharedThreads(IoBackend io) {
        this.io = io;
    }

    /** {@return the use of one loop and of the pools; {@link Lease#release} must run once} */
    synchronized Lease acquire() {
        if (threads == null) {
            threads = Threads.start(io);
        }
        leases++;
        return new Lease(threads.loops.next(), threads.workers, threads.resolvers, this::release);
    }

    private synchronized void release() {
        leases--;
        if (leases == 0 && threads != null) {
            threads.stop();
            threads = null;
        }
    }

    /** What one member uses: the loop it is pinned to, and the pools for work that must not hold the loop up. */
    record Lease(EventLoop loop, Executor workers, Executor resolvers, Runnable release) {}

    /**
     * The threads of one period with leases. Name resolution has threads of its own: a look-up may hang for half a minute,
     * and computations that members offload must not wait behind it.
     */
    private record Threads(EventLoopGroup loops, ThreadPoolExecutor workers, ThreadPoolExecutor resolvers) {
        static Threads start(IoBackend io) {
            int count = Math.max(1, Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors()));
            EventLoopGroup loops =
                    new MultiThreadIoEventLoopGroup(count, named("memberlist-io-", false), io.handlers.get());
            return new Threads(loops, pool("memberlist-worker-", WORKERS), pool("memberlist-resolver-", WORKERS));
        }

        void stop() {
            workers.shutdown();
            resolvers.shutdown();
            loops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        }

        private static ThreadPoolExecutor pool(String prefix, int threads) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    threads,
                    threads,
                    WORKER_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    named(prefix, true));
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }

        private static ThreadFactory named(String prefix, boolean daemon) {
            AtomicInteger count = new AtomicInteger();
            return task -> {
                Thread thread = new FastThreadLocalThread(task, prefix + count.incrementAndGet());
                thread.setDaemon(daemon);
                // The threads outlive the application whose thread happens to start them, and must not hold its class
                // loader.
                thread.setContextClassLoader(SharedThreads.class.getClassLoader());
                return thread;
            };
        }
    }
}
