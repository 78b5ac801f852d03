package io.memberlist.swim;

import io.memberlist.config.FlappingConfig;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberEvent.Degraded;
import io.memberlist.member.MemberEvent.Failed;
import io.memberlist.member.MemberEvent.Joined;
import io.memberlist.member.MemberEvent.Left;
import io.memberlist.member.MemberEvent.Recovered;
import io.memberlist.member.MemberEvent.Stabilized;
import io.memberlist.member.MemberEvent.Suspected;
import io.memberlist.member.MemberEvent.Updated;
import io.memberlist.member.MemberState;
import io.memberlist.transport.EventLoop;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds members that flap: they fail and come back again and again, as behind a bad link. Such a member is degraded. The
 * application is told so once, and then of no failure and no return before the member has been quiet for a while; only if it stays
 * dead, that is told. What it says against others is doubted. The table, the extensions and the wire go on without a difference.
 *
 * <p>Failures are counted for each name as routers count flaps (RFC 2439): each adds one, and the sum decays. A refuted suspicion
 * adds a part: either the member was slow, or the one that accused it is cut off. Of the two it is the one of which there were
 * more signs before.
 */
final class Flapping {
    private static final double REFUTED_SUSPICION = 1 / 3.0;
    /** Failures decay while others follow, so that less than the number of them is reached. */
    private static final double MARGIN = 0.5;
    /** In a smaller cluster nobody may be left to confirm what a degraded member finds. */
    private static final int FEWEST_THAT_CONFIRM = 4;
    /** Anybody can announce as many members that do not exist, and let them fail. */
    private static final int MAX_NAMES = 1024;

    private final Context context;
    private final FlappingConfig config;
    private final EventLoop loop;
    private final Consumer<MemberEvent> application;
    private final Map<String, Unsteady> byName = new HashMap<>();
    private volatile List<DegradedMember> degraded = List.of();

    /** @param application is notified of events */
    Flapping(Context context, Consumer<MemberEvent> application) {
        this.context = context;
        this.config = context.config().flapping();
        this.loop = context.loop();
        this.application = application;
    }

    /** {@return the members that are degraded, each as it is now} May be asked from anywhere. */
    List<DegradedMember> degraded() {
        return degraded.stream()
                .map(each -> {
                    Member now = context.table().published(each.member().name());
                    return now == null ? each : new DegradedMember(now, each.since());
                })
                .toList();
    }

    /** No event comes late any more. */
    void stop() {
        byName.values().forEach(unsteady -> unsteady.timer.cancel());
        byName.clear();
        degraded = List.of();
    }

    /** {@return whether an accusation does not count before another member says the same: its sender is degraded} */
    boolean awaitsConfirmation(MemberRecord accused, String accuser) {
        return isDoubted(accuser) && !accused.isAccusedTwice(accuser);
    }

    /** {@return whether what a member says against others is doubted} */
    boolean isDoubted(String accuser) {
        Unsteady unsteady = byName.get(accuser);
        return unsteady != null && unsteady.isDegraded && context.table().live() >= FEWEST_THAT_CONFIRM;
    }

    /** {@return a member at an address whose word is doubted, or null} */
    @Nullable
    String doubtedAt(InetAddress address) {
        for (DegradedMember each : degraded) {
            if (each.member().address().getAddress().equals(address)
                    && isDoubted(each.member().name())) {
                return each.member().name();
            }
        }
        return null;
    }

    /** A member has refuted a suspicion, which another one has begun. */
    void refuted(String accused, String accuser) {
        if (!config.isOn()) {
            return;
        }
        double signsOfAccused = failuresOf(accused);
        double signsOfAccuser = failuresOf(accuser);
        boolean canBeAccuser =
                !accuser.equals(context.self()) && context.table().get(accuser) != null;
        if (!canBeAccuser || signsOfAccused >= signsOfAccuser) {
            blame(accused);
        }
        if (canBeAccuser && signsOfAccuser >= signsOfAccused) {
            blame(accuser);
        }
    }

    private double failuresOf(String name) {
        Unsteady unsteady = byName.get(name);
        return unsteady == null ? 0 : unsteady.failures();
    }

    private void blame(String name) {
        Unsteady unsteady = counted(name, REFUTED_SUSPICION);
        Member member = context.table().published(name);
        if (unsteady != null && member != null && member.state().isLive()) {
            unsteady.blamed(member);
        }
    }

    /** Notifies the application of an event, or of what comes in its place. */
    void changed(MemberEvent event) {
        String name = event.member().name();
        if (event instanceof Failed && config.isOn() && !name.equals(context.self())) {
            counted(name, 1);
        }
        Unsteady unsteady = byName.get(name);
        if (unsteady == null) {
            application.accept(event);
        } else if (unsteady.isDegraded) {
            unsteady.whileDegraded(event);
        } else {
            unsteady.untilDegraded(event);
        }
    }

    private @Nullable Unsteady counted(String name, double weight) {
        if (byName.size() >= MAX_NAMES && !byName.containsKey(name)) {
            byName.values().removeIf(unsteady -> !unsteady.isDegraded && unsteady.failures() < REFUTED_SUSPICION);
            if (byName.size() >= MAX_NAMES) {
                return null;
            }
        }
        Unsteady unsteady = byName.computeIfAbsent(name, Unsteady::new);
        unsteady.count(weight);
        return unsteady;
    }

    private void publish() {
        degraded = byName.values().stream()
                .filter(unsteady -> unsteady.isDegraded)
                .flatMap(unsteady ->
                        Stream.ofNullable(unsteady.told).map(member -> new DegradedMember(member, unsteady.since)))
                .toList();
    }

    /** A member that has failed, was suspected in vain or has suspected others in vain lately. */
    private final class Unsteady {
        private final String name;
        private double failures;
        private long countedNanos = loop.nanoTime();
        /** The member as the application last heard of it, where that is known here. */
        private @Nullable Member told;

        private boolean isDegraded;
        /** Whether it lives for all the application was told, or was told last of a member that is not degraded. */
        private boolean believedLive = true;

        private Instant since = Instant.EPOCH;
        /** What the application is told if the member stays dead. */
        private @Nullable Failed held;

        private EventLoop.Timer timer = () -> {};

        Unsteady(String name) {
            this.name = name;
        }

        /** {@return how many failures there were lately, of which older ones count less} */
        double failures() {
            double halfLives = (double) (loop.nanoTime() - countedNanos)
                    / config.halfLife().toNanos();
            return failures * StrictMath.pow(0.5, halfLives);
        }

        void count(double weight) {
            // Bounded, so that the time until it is well again is.
            failures = Math.min(config.failures(), failures() + weight);
            countedNanos = loop.nanoTime();
        }

        private boolean flaps() {
            return failures() >= config.failures() - MARGIN;
        }

        void untilDegraded(MemberEvent event) {
            Member member = event.member();
            if (event instanceof Left || isReplacedBy(event)) {
                forget();
                application.accept(event);
            } else if (event instanceof Failed failed && flaps()) {
                degrade(member);
                hold(failed);
            } else if (event instanceof Joined && flaps()) {
                believedLive = false;
                degrade(member);
                awaitQuiet();
            } else {
                told = member;
                application.accept(event);
            }
        }

        void blamed(Member member) {
            if (!isDegraded && flaps()) {
                degrade(member);
            }
            if (isDegraded) {
                awaitQuiet();
            }
        }

        private void degrade(Member member) {
            told = member;
            isDegraded = true;
            since = loop.wallClock();
            failures = config.failures();
            publish();
            context.log().log(LogEvent.DEGRADED, name);
            application.accept(new Degraded(member));
        }

        void whileDegraded(MemberEvent event) {
            if (event instanceof Left) {
                forget();
                tellIfBelievedLive(event);
            } else if (isReplacedBy(event)) {
                stayedDead();
                forget();
                application.accept(event);
            } else if (event instanceof Failed failed) {
                hold(failed);
            } else if (event instanceof Joined || event instanceof Recovered) {
                returned(event.member());
            } else if (!(event instanceof Suspected)) {
                told = event.member();
                tellIfBelievedLive(event);
            }
        }

        private boolean isReplacedBy(MemberEvent event) {
            return event instanceof Joined
                    && told != null
                    && !told.address().equals(event.member().address());
        }

        private void tellIfBelievedLive(MemberEvent event) {
            if (believedLive) {
                application.accept(event);
            }
        }

        private void hold(Failed failed) {
            held = failed;
            timer.cancel();
            timer = loop.schedule(config.failAfter().toNanos(), this::stayedDead);
        }

        private void stayedDead() {
            if (held != null) {
                tellIfBelievedLive(held);
                believedLive = false;
            }
            held = null;
            awaitQuiet();
        }

        private void returned(Member member) {
            held = null;
            boolean isUpdated = told != null && !member.sameMeta(told);
            told = member;
            if (isUpdated) {
                tellIfBelievedLive(new Updated(member));
            }
            awaitQuiet();
        }

        /** Half of the failures that make a member degraded are no reason any more. */
        private void awaitQuiet() {
            double halfLives = Math.max(0, StrictMath.log(2 * failures() / config.failures()) / StrictMath.log(2));
            timer.cancel();
            timer = loop.schedule((long) (halfLives * config.halfLife().toNanos()), this::quiet);
        }

        private void quiet() {
            Member member = context.table().published(name);
            if (member != null && member.state() == MemberState.SUSPECT) {
                return; // there is a verdict soon
            }
            end();
            if (member != null && member.state() == MemberState.ALIVE) {
                context.log().log(LogEvent.STABILIZED, name);
                application.accept(believedLive ? new Stabilized(member) : new Joined(member));
            }
            believedLive = true;
        }

        private void end() {
            timer.cancel();
            isDegraded = false;
            held = null;
            publish();
        }

        private void forget() {
            byName.remove(name);
            end();
        }
    }
}
