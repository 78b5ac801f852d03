package io.memberlist.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manages the few threads that all members share. The loops and the spare thread start with the first lease and end with the
 * last; a later lease starts them again. The threads of the pools start when there is work, and end when they are idle: a
 * member notifies its application even after its network is closed. Safe from any thread.
 */
final class SharedThreads {
    private static final Logger log = LoggerFactory.getLogger(SharedThreads.class);

    private static final int MAX_LOOPS = 4;
    private static final int WORKER_THREADS = 2;
    private static final int CALLBACK_THREADS = 16;
    private static final int COMPLETION_THREADS = 64;
    private static final int MOST_COMPLETION_THREADS = 1024;
    private static final long SHUTDOWN_SECONDS = 5;

    private static final SpareThread SPARE = new SpareThread(named("memberlist-spare-", true));

    /** Runs computations that would hold a loop up. */
    static final SharedPool WORKERS = pool("memberlist-worker-", WORKER_THREADS, WORKER_THREADS);

    /** Resolves names, apart from the workers: a look-up may hang for half a minute. */
    static final SharedPool RESOLVERS = pool("memberlist-resolver-", WORKER_THREADS, WORKER_THREADS);

    /** Runs callbacks of applications. */
    static final SharedPool CALLBACKS = pool("memberlist-callback-", CALLBACK_THREADS, CALLBACK_THREADS);

    /**
     * Completes futures. A completion may block, and one that waits for another must not keep that one from a thread for
     * ever, so this pool grows while it is stuck.
     */
    static final SharedPool COMPLETIONS = pool("memberlist-future-", COMPLETION_THREADS, MOST_COMPLETION_THREADS);

    private final IoBackend io;
    private final Supplier<ThreadFactory> loopThreads;
    private @Nullable EventLoopGroup loops;
    private int leases;

    SharedThreads(IoBackend io) {
        this(io, () -> named("memberlist-io-", false));
    }

    /** {@return threads of which none keeps the JVM running} */
    static SharedThreads daemon(IoBackend io) {
        return new SharedThreads(io, () -> named("memberlist-daemon-io-", true));
    }

    /** @param loopThreads makes a factory for the loops of one period with leases, which counts anew */
    SharedThreads(IoBackend io, Supplier<ThreadFactory> loopThreads) {
        this.io = io;
        this.loopThreads = loopThreads;
    }

    /**
     * {@return the use of one loop and of the pools; {@link Lease#release} must run once} Throws {@link OutOfMemoryError},
     * and gives nothing out, where the system refuses a thread that every member needs.
     */
    synchronized Lease acquire() {
        SPARE.acquire();
        boolean granted = false;
        try {
            if (loops == null) {
                loops = startLoops();
            }
            EventLoop loop = loops.next();
            // Its thread starts with the first task, and should fail here, where nothing is open yet. Loops that were
            // never
            // used stay for the next lease.
            loop.execute(() -> {});
            leases++;
            granted = true;
            return new Lease(loop, this::release);
        } finally {
            if (!granted) {
                SPARE.release();
            }
        }
    }

    private EventLoopGroup startLoops() {
        int count = Math.max(1, Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors()));
        return new MultiThreadIoEventLoopGroup(count, loopThreads.get(), io.handlers.get());
    }

    private synchronized void release() {
        leases--;
        SPARE.release();
        if (!SPARE.isUsed()) {
            List.of(WORKERS, RESOLVERS, CALLBACKS, COMPLETIONS).forEach(SharedPool::wakeIdle);
        }
        if (leases == 0 && loops != null) {
            for (EventExecutor loop : loops) {
                try {
                    loop.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
                } catch (OutOfMemoryError e) {
                    // Netty starts a thread to end a loop that had none.
                    log.debug("A loop that was never used could not be ended", e);
                }
            }
            loops = null;
        }
    }

    /** What one member uses: the loop it is pinned to. */
    record Lease(EventLoop loop, Runnable release) {}

    private static SharedPool pool(String prefix, int prompt, int most) {
        return new SharedPool((number, task) -> thread(task, prefix + number, true), prompt, most, SPARE);
    }

    private static ThreadFactory named(String prefix, boolean daemon) {
        AtomicInteger count = new AtomicInteger();
        return task -> thread(task, prefix + count.incrementAndGet(), daemon);
    }

    private static Thread thread(Runnable task, String name, boolean daemon) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(daemon);
        // The threads outlive the application whose thread happens to start them, and must not hold its class loader.
        thread.setContextClassLoader(SharedThreads.class.getClassLoader());
        return thread;
    }
}
