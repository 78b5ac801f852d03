package io.memberlist.spring.event;

import io.memberlist.Memberlist;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Turns the engine's callbacks into application events.
 *
 * <p>The engine may speak before {@code @EventListener} methods are registered and after their beans are gone, so events
 * wait until {@link #open} and again after {@link #hold}. A listener that throws is logged; the events after it are
 * published all the same.
 */
public final class MemberlistEventPublisher implements EventDelegate, MessageDelegate, ConflictDelegate {
    private static final Logger log = LoggerFactory.getLogger(MemberlistEventPublisher.class);

    /** Messages and conflicts that may wait while events are held; membership events are few and never dropped. */
    static final int MAX_HELD_DROPPABLE = 1024;

    private record Held(boolean droppable, Consumer<Memberlist> delivery) {}

    private final ApplicationEventPublisher publisher;
    private final Executor executor;
    private final Queue<Held> held = new ArrayDeque<>();
    private int heldDroppable;
    private boolean dropsLogged;
    private volatile @Nullable Memberlist source;

    /**
     * @param publisher where the events go
     * @param executor the thread of the engine's callbacks, for what was held until {@link #open}
     */
    public MemberlistEventPublisher(ApplicationEventPublisher publisher, Executor executor) {
        this.publisher = publisher;
        this.executor = executor;
    }

    /** Publishes what waited, and everything from now on, with that source. */
    public void open(Memberlist memberlist) {
        source = memberlist;
        executor.execute(this::publishHeld);
    }

    /** Lets events wait from now on. One that is being published is not waited for. */
    public void hold() {
        source = null;
    }

    /** Forgets what waits: it is about a view of the cluster that is gone. */
    public void forgetHeld() {
        synchronized (held) {
            held.clear();
            heldDroppable = 0;
        }
    }

    /** The member has joined through seeds. Told after what became known by it. */
    public void clusterJoined(JoinResult result) {
        executor.execute(() -> accept(false, memberlist -> new ClusterJoinedEvent(memberlist, result)));
    }

    @Override
    public void memberEvent(MemberEvent event) {
        accept(false, memberlist -> springEvent(memberlist, event));
    }

    private static ApplicationEvent springEvent(Memberlist memberlist, MemberEvent event) {
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
        } else if (event instanceof MemberEvent.LocalHealthChanged health) {
            return new LocalHealthChangedEvent(memberlist, health.score());
        }
        return new MemberUpdatedEvent(memberlist, member);
    }

    /** Of these strangers can cause any number, so they may be dropped as messages may. */
    @Override
    public void nameConflict(Member existing, Member other) {
        accept(true, memberlist -> new NameConflictEvent(memberlist, existing, other));
    }

    @Override
    public void messageReceived(byte[] message) {
        accept(true, memberlist -> new UserMessageEvent(memberlist, message));
    }

    /**
     * Lets somebody else publish what arrived, in order with everything else. May be dropped while events are held.
     *
     * @param delivery publishes; what it throws is logged
     */
    public void deliver(Consumer<Memberlist> delivery) {
        accept(new Held(true, delivery));
    }

    private void accept(boolean droppable, Function<Memberlist, ApplicationEvent> event) {
        accept(new Held(droppable, memberlist -> publisher.publishEvent(event.apply(memberlist))));
    }

    private void accept(Held event) {
        synchronized (held) {
            if (event.droppable() && heldDroppable >= MAX_HELD_DROPPABLE) {
                if (!dropsLogged) {
                    dropsLogged = true;
                    log.warn("More than {} messages arrived while events are held; some are lost", heldDroppable);
                }
                return;
            }
            heldDroppable += event.droppable() ? 1 : 0;
            held.add(event);
        }
        publishHeld();
    }

    /** One at a time, whichever threads the engine was told to use: the order of the events depends on it. */
    private synchronized void publishHeld() {
        Memberlist memberlist;
        while ((memberlist = source) != null) {
            Held next;
            synchronized (held) {
                next = held.poll();
                if (next == null) {
                    return;
                }
                heldDroppable -= next.droppable() ? 1 : 0;
            }
            deliver(next, memberlist);
        }
    }

    private static void deliver(Held event, Memberlist memberlist) {
        try {
            event.delivery().accept(memberlist);
        } catch (Throwable e) {
            // Checked ones too, which listeners in other JVM languages throw.
            log.error("A listener failed; the events that follow are published all the same", e);
        }
    }
}
