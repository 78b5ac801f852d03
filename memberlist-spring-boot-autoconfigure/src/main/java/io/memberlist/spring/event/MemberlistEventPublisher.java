package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.logging.ThrottledLog;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.transport.QueueLimit;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what the engine notifies its delegates of as application events.
 *
 * <p>The engine may call before {@code @EventListener} methods are registered and after their beans are gone, so events are
 * held until {@link #open} and again after {@link #hold}. Otherwise the thread that the engine calls on calls the
 * listeners as well. A listener that throws is logged; the events after it are published all the same.
 */
public final class MemberlistEventPublisher implements EventDelegate, MessageDelegate, ConflictDelegate {
    private static final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger(MemberlistEventPublisher.class));

    /** Messages and conflicts that may be held; membership events are few and never dropped. */
    static final int MAX_HELD_DROPPABLE = 1024;

    /** @param bytes what it holds of its limit until it is published */
    private record Held(QueueLimit limit, int bytes, Consumer<Memberlist> publication) {}

    private final ApplicationEventPublisher publisher;
    private final Executor executor;
    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final QueueLimit droppable = new QueueLimit(MAX_HELD_DROPPABLE);
    private final QueueLimit neverDropped = new QueueLimit(Integer.MAX_VALUE);
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Memberlist source;

    /**
     * @param publisher where the events go
     * @param executor the thread of the engine's callbacks, for what was held until {@link #open}
     */
    public MemberlistEventPublisher(ApplicationEventPublisher publisher, Executor executor) {
        this.publisher = publisher;
        this.executor = executor;
    }

    /** Publishes what was held, and everything from now on, with that source. */
    public void open(Memberlist memberlist) {
        source = memberlist;
        executor.execute(this::publishHeld);
        runWaiting();
    }

    /** Holds events from now on. Does not wait for one that is being published. */
    public void hold() {
        source = null;
    }

    /** Drops what is held: it is about a view of the cluster that is gone. */
    public void forgetHeld() {
        Held next;
        while ((next = held.poll()) != null) {
            next.limit().release(next.bytes());
        }
    }

    /** {@return the messages and name conflicts that were dropped because too many were held} */
    public long dropped() {
        return dropped.get();
    }

    /** Publishes that the member has joined through seeds, on the thread of the engine's callbacks. */
    public void clusterJoined(JoinResult result) {
        executor.execute(() -> publish(neverDropped, 0, memberlist -> new ClusterJoinedEvent(memberlist, result)));
    }

    @Override
    public void memberEvent(MemberEvent event) {
        publish(neverDropped, 0, memberlist -> springEvent(memberlist, event));
    }

    private static MemberlistEvent springEvent(Memberlist memberlist, MemberEvent event) {
        Member member = event.member();
        if (event instanceof MemberEvent.Joined) {
            return new MemberJoinedEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Suspected) {
            return new MemberSuspectedEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Recovered) {
            return new MemberRecoveredEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Failed) {
            return new MemberFailedEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Left) {
            return new MemberLeftEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Degraded) {
            return new MemberDegradedEvent(memberlist, member);
        } else if (event instanceof MemberEvent.Stabilized) {
            return new MemberStabilizedEvent(memberlist, member);
        } else if (event instanceof MemberEvent.LocalHealthChanged health) {
            return new LocalHealthChangedEvent(memberlist, health.score());
        } else if (event instanceof MemberEvent.LocalDeclaredDead death) {
            return new LocalMemberDeclaredDeadEvent(memberlist, member, death.from());
        } else if (event instanceof MemberEvent.ReachabilityChanged changed) {
            return new MemberReachabilityChangedEvent(memberlist, member, changed.reachability());
        }
        return new MemberUpdatedEvent(memberlist, member);
    }

    /** May be dropped as messages may: others can cause any number of conflicts. */
    @Override
    public void nameConflict(Member existing, Member other) {
        publish(droppable, 0, memberlist -> new NameConflictEvent(memberlist, existing, other));
    }

    @Override
    public void messageReceived(byte[] message) {
        publish(droppable, message.length, memberlist -> new UserMessageEvent(memberlist, message));
    }

    /**
     * Calls a publication of somebody else, in order with all events. It may be dropped while events are held.
     *
     * @param bytes what it keeps in memory while it is held
     * @param about what is published, for the log
     * @param publication is given the source of the events and what publishes them; what it throws is logged
     */
    public void deliver(int bytes, Object about, BiConsumer<Memberlist, ApplicationEventPublisher> publication) {
        publish(new Held(
                droppable,
                bytes,
                memberlist -> guarded(memberlist, about, () -> publication.accept(memberlist, publisher))));
    }

    /**
     * {@return the thread of the engine's callbacks, which takes on no task while events are held} For a caller that has a
     * queue of its own and gives one task for all that is in it: what comes before the application is ready waits there.
     */
    public Executor executor() {
        return task -> {
            waiting.add(task);
            runWaiting();
        };
    }

    private void runWaiting() {
        Runnable next;
        while (source != null && (next = waiting.poll()) != null) {
            executor.execute(next);
        }
    }

    private void publish(QueueLimit limit, int bytes, Function<Memberlist, MemberlistEvent> event) {
        publish(new Held(limit, bytes, memberlist -> {
            MemberlistEvent made = event.apply(memberlist);
            guarded(memberlist, made, () -> publisher.publishEvent(made));
        }));
    }

    /** One at a time, whichever threads the engine was told to use: the order of the events depends on it. */
    private synchronized void publish(Held event) {
        publishHeld();
        Memberlist memberlist = source;
        if (memberlist != null && held.isEmpty()) {
            event.publication().accept(memberlist);
        } else if (event.limit().tryAcquire(event.bytes())) {
            held.add(event);
        } else {
            dropped.incrementAndGet();
            log.log(
                    Level.WARN,
                    this,
                    "{} messages of {} bytes are held while the application is not ready; more are dropped",
                    droppable.count(),
                    droppable.bytes());
        }
    }

    private synchronized void publishHeld() {
        Memberlist memberlist;
        Held next;
        while ((memberlist = source) != null && (next = held.poll()) != null) {
            next.limit().release(next.bytes());
            next.publication().accept(memberlist);
        }
    }

    private static void guarded(Memberlist memberlist, Object about, Runnable publication) {
        try {
            publication.run();
        } catch (Throwable e) {
            // Checked ones too, which listeners in other JVM languages throw.
            log.log(
                    Level.ERROR,
                    ThrottledLog.fault(e),
                    "{}: a listener failed on {}; the events that follow are published all the same",
                    // a mock of a test has none
                    Optional.ofNullable(memberlist.localMember())
                            .map(Member::name)
                            .orElse("?"),
                    about,
                    e);
        }
    }
}
