package io.memberlist.swim;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.MemberEvent;
import io.memberlist.metrics.DropReason;
import io.memberlist.transport.QueueLimit;
import io.memberlist.transport.SerialExecutor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls the application off the loop, {@linkplain SerialExecutor in order}. User messages beyond a bound are dropped and
 * counted. Membership events are never dropped: beyond the same bound they wait in an {@link EventBacklog}, which leaves out
 * those that cancel each other out.
 */
final class Callbacks {
    private final SerialExecutor executor;
    private final int maxWaiting;
    private final MemberLog log;
    /** For what others can cause in any number. */
    private final QueueLimit droppable;

    /** How many membership events wait; those beyond the bound wait in the backlog. */
    private final AtomicInteger events = new AtomicInteger();

    private final EventBacklog backlog = new EventBacklog();
    private boolean backlogQueued;

    /** @param maxWaiting how many user messages may wait, and how many events before they are collapsed */
    Callbacks(Executor executor, String self, int maxWaiting, MemberLog log) {
        this.executor = new SerialExecutor(executor, self + ": a callback of the application");
        this.maxWaiting = maxWaiting;
        this.log = log;
        this.droppable = new QueueLimit(maxWaiting);
    }

    /** Calls the application, after everything that was queued before. */
    void call(Runnable callback) {
        executor.execute(callback);
    }

    /** Notifies the application of a change in the membership. */
    void event(EventDelegate delegate, MemberEvent event) {
        synchronized (backlog) {
            // An event behind those of the backlog waits there, whatever room there is by now.
            if (!backlogQueued && events.get() < maxWaiting) {
                events.incrementAndGet();
                call(() -> {
                    events.decrementAndGet();
                    notify(delegate, event);
                });
                return;
            }
            int leftOut = backlog.add(event);
            for (int i = 0; i < leftOut; i++) {
                log.droppedSelf(DropReason.EVENT_COLLAPSED, LogEvent.EVENTS_COLLAPSED, maxWaiting);
            }
            if (!backlogQueued) {
                backlogQueued = true;
                call(() -> callWithBacklog(delegate));
            }
        }
    }

    private void callWithBacklog(EventDelegate delegate) {
        List<MemberEvent> all;
        synchronized (backlog) {
            all = backlog.takeAll();
            backlogQueued = false;
        }
        for (MemberEvent event : all) {
            notify(delegate, event);
        }
    }

    private void notify(EventDelegate delegate, MemberEvent event) {
        executor.guarded(event, () -> delegate.memberEvent(event));
    }

    /** Hands a user message to the application, or drops it if too many wait, or too many bytes. */
    void message(MessageDelegate delegate, byte[] message) {
        offer(message.length, () -> delegate.messageReceived(message));
    }

    /**
     * Calls the application unless too much waits: for what others can cause in any number. What is dropped is counted.
     *
     * @param bytes what the callback holds while it waits
     */
    void offer(int bytes, Runnable callback) {
        if (!executor.offer(droppable, bytes, callback)) {
            log.droppedSelf(DropReason.QUEUE_FULL, LogEvent.APPLICATION_BEHIND, droppable.count(), droppable.bytes());
        }
    }

    /** {@return how many droppable callbacks, above all user messages, wait for the application} Safe from any thread. */
    int waiting() {
        return droppable.count();
    }
}
