package io.memberlist.swim;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.SerialExecutor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the application off the loop, {@linkplain SerialExecutor in order}. User messages beyond a bound are dropped, and
 * are counted. Membership events are not; beyond the same bound they wait in a {@link EventBacklog}, which leaves out only
 * what has come to nothing.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger("io.memberlist");
    /** Messages may have megabytes each, so their number alone bounds nothing. One more than fits is let in. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final SerialExecutor executor;
    private final String self;
    private final int maxDroppable;
    private final Counters counters;
    private final AtomicInteger droppable = new AtomicInteger();
    private final AtomicLong droppableBytes = new AtomicLong();
    private final AtomicInteger events = new AtomicInteger();
    private final EventBacklog backlog = new EventBacklog();
    private boolean backlogDue;
    private boolean warnedOfBacklog;
    private final AtomicBoolean warnedOfDrops = new AtomicBoolean();

    Callbacks(Executor executor, String self, int maxDroppable, Counters counters) {
        this.executor = new SerialExecutor(executor, self + ": a callback of the application");
        this.self = self;
        this.maxDroppable = maxDroppable;
        this.counters = counters;
    }

    /** Calls the application, after everything that was queued before. */
    void call(Runnable callback) {
        executor.execute(callback);
    }

    /** Tells the application of a change in the membership. */
    void event(EventDelegate delegate, MemberEvent event) {
        synchronized (backlog) {
            if (backlogDue) {
                // Later than what waits there, whatever room there is by now.
                addToBacklog(event);
                return;
            }
            if (events.get() >= maxDroppable) {
                if (!warnedOfBacklog) {
                    warnedOfBacklog = true;
                    log.warn(
                            "{}: {} membership events wait for the application, which does not keep up; what comes to"
                                    + " nothing meanwhile will be left out",
                            self,
                            maxDroppable);
                }
                addToBacklog(event);
                backlogDue = true;
                call(() -> tellBacklog(delegate));
                return;
            }
        }
        events.incrementAndGet();
        call(() -> {
            events.decrementAndGet();
            tell(delegate, event);
        });
    }

    private void addToBacklog(MemberEvent event) {
        int leftOut = backlog.add(event);
        for (int i = 0; i < leftOut; i++) {
            counters.drop(DropReason.EVENT_COLLAPSED);
        }
    }

    private void tellBacklog(EventDelegate delegate) {
        List<MemberEvent> all;
        synchronized (backlog) {
            all = backlog.takeAll();
            backlogDue = false;
        }
        for (MemberEvent event : all) {
            executor.guarded(() -> tell(delegate, event));
        }
    }

    private static void tell(EventDelegate delegate, MemberEvent event) {
        Member member = event.member();
        switch (event.type()) {
            case JOINED -> delegate.memberJoined(member);
            case SUSPECTED -> delegate.memberSuspected(member);
            case RECOVERED -> delegate.memberRecovered(member);
            case FAILED -> delegate.memberFailed(member);
            case LEFT -> delegate.memberLeft(member);
            case UPDATED -> delegate.memberUpdated(member);
        }
    }

    /** Calls the application unless too much waits that may be dropped: for what others can cause in any number. */
    void offer(Runnable callback) {
        offer(0, callback);
    }

    /** Hands a user message to the application, or drops it when too many wait, or too many bytes. */
    void message(MessageDelegate delegate, byte[] message) {
        offer(message.length, () -> delegate.messageReceived(message));
    }

    /** {@return whether it will be called} As {@link #offer(Runnable)}, for what holds so many bytes while it waits. */
    boolean offer(int bytes, Runnable callback) {
        if (droppable.get() >= maxDroppable || droppableBytes.get() > MAX_BYTES) {
            counters.drop(DropReason.QUEUE_FULL);
            if (warnedOfDrops.compareAndSet(false, true)) {
                log.warn(
                        "{}: handler queue full, dropping user messages: {} wait for the application, of {} bytes",
                        self,
                        droppable.get(),
                        droppableBytes.get());
            }
            return false;
        }
        droppable.incrementAndGet();
        droppableBytes.addAndGet(bytes);
        call(() -> {
            droppable.decrementAndGet();
            droppableBytes.addAndGet(-bytes);
            callback.run();
        });
        return true;
    }

    /** {@return how many droppable callbacks, above all user messages, wait for the application} From any thread. */
    int waiting() {
        return droppable.get();
    }
}
