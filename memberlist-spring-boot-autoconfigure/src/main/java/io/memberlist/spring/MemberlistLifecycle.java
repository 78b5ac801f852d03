package io.memberlist.spring;

import io.memberlist.Memberlist;
import io.memberlist.config.SeedAddress;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.spring.event.MemberlistEventPublisher;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes a member into the cluster when the application is ready and out of it before the application stops.
 *
 * <p>The {@link Memberlist} itself is an ordinary bean: it binds its port when it is created, so that a port in use fails
 * the start clearly and other beans can have it injected. {@link NetworkLifecycle} closes
 * its network and opens it again; this lifecycle only joins and leaves. When it is stopped and started again it leaves, and
 * joins again through the seeds and the members it knew.
 *
 * <p>In the default phase, which is above those of the web server: joins after it accepts requests, leaves before it
 * drains.
 */
public final class MemberlistLifecycle implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(MemberlistLifecycle.class);

    private final Memberlist memberlist;
    private final List<String> seeds;
    private final Duration leaveTimeout;
    private final MemberlistEventPublisher events;
    private final Set<String> lastKnown = new LinkedHashSet<>();
    private @Nullable SeedJoiner joiner;
    private volatile boolean running;

    /**
     * @param memberlist the member, already bound
     * @param seeds the members to join through; may be empty
     * @param leaveTimeout how long the leave message may take to go out
     * @param events publishes events while the lifecycle runs
     */
    public MemberlistLifecycle(
            Memberlist memberlist, List<String> seeds, Duration leaveTimeout, MemberlistEventPublisher events) {
        this.memberlist = memberlist;
        this.seeds = List.copyOf(seeds);
        this.leaveTimeout = leaveTimeout;
        this.events = events;
        memberlist.addJoinListener(this::joined);
    }

    /** Others are there, whether this member found them at once, later in the background, or was asked to by the application. */
    private void joined(JoinResult result) {
        log.info("{} is in a cluster of {}", memberlist.localMember().name(), memberlist.numMembers());
        events.clusterJoined(result);
    }

    /** Returns at once; joining goes on in the background for as long as it takes. */
    @Override
    public synchronized void start() {
        if (running || MockedMember.is(memberlist)) {
            return;
        }
        running = true;
        events.open(memberlist);
        List<String> targets = targets();
        if (targets.isEmpty()) {
            log.info(
                    "{} has no seeds (memberlist.join), so it waits for others to join it",
                    memberlist.localMember().name());
        }
        if (!targets.isEmpty() || memberlist.hasLeft()) {
            joiner = new SeedJoiner(memberlist, targets);
            joiner.start();
        }
    }

    /** Leaves, and calls back when the leave message has gone out or took too long. */
    @Override
    public void stop(Runnable callback) {
        leave().whenComplete((done, failure) -> callback.run());
    }

    /** As {@link #stop(Runnable)}, and waits. */
    @Override
    public void stop() {
        leave().join();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A paused application still answers probes, because it shall not be declared dead. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** {@return when this member has left; never fails} */
    private synchronized CompletableFuture<?> leave() {
        if (!running) {
            return CompletableFuture.completedFuture(null);
        }
        running = false;
        if (joiner != null) {
            joiner.stop();
            joiner = null;
        }
        rememberMembers();
        return leaveMemberlist().handle((done, failure) -> {
            if (failure != null) {
                log.warn(
                        "Leaving the cluster did not come to an end within {}; others will notice the absence",
                        DurationText.of(leaveTimeout),
                        failure);
            }
            events.hold();
            return done;
        });
    }

    private CompletableFuture<Void> leaveMemberlist() {
        try {
            return memberlist.leave(leaveTimeout);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private List<String> targets() {
        int port = SeedAddress.defaultPort(memberlist.config());
        List<String> targets = new ArrayList<>();
        seeds.forEach(seed -> targets.add(SeedAddress.withPort(seed.strip(), port)));
        targets.addAll(lastKnown);
        return targets;
    }

    /** The seeds may be gone by the time of a restart; the members that were known last serve as well. */
    private void rememberMembers() {
        lastKnown.clear();
        String self = memberlist.localMember().name();
        for (Member member : memberlist.members()) {
            if (!member.name().equals(self)) {
                lastKnown.add(member.name() + "/" + text(member));
            }
        }
    }

    private static String text(Member member) {
        String host = member.address().getAddress().getHostAddress();
        boolean v6 = member.address().getAddress() instanceof Inet6Address;
        return (v6 ? "[" + host + "]" : host) + ":" + member.address().getPort();
    }
}
