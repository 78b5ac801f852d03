package io.memberlist.swim;

import io.memberlist.config.JoinRetryConfig;
import io.memberlist.logging.LogText;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameTakenException;
import io.memberlist.transport.AddressOrder;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks seeds again for as long as this member lives: while it is alone, and while one of them has no live member behind it.
 * The Go library asks its seeds once, so that parts of a cluster which formed apart stay apart, and a member whose peers
 * were all replaced while it was cut off stays alone.
 *
 * <p>A name is looked up anew each time, and now and then although all its addresses have members, since it may stand for
 * more hosts by now. The pause before a missing seed is asked again grows with the time it has been missing, up to a bound
 * beyond which all missing seeds share one stream in a pause.
 */
final class SeedWatch implements Joiner.Approach {
    /** How many addresses of one seed are tried in a round. */
    private static final int MAX_ADDRESSES = 8;

    /** How many of the longest pauses pass before a name is looked up again that is not missing. */
    private static final int LOOK_UP_EVERY = 5;

    /** How often this member looks at its seeds, unless all of them are there. */
    private static final long ROUND_NANOS = 500_000_000L;

    private static final long CALL_MAY_TAKE_NANOS = 1_000_000_000L;

    /** For how long a member is alone before that is a warning, and how often it is repeated. */
    private static final long ALONE_NANOS = 60_000_000_000L;

    private static final long ALONE_AGAIN_NANOS = 5 * ALONE_NANOS;

    private final Context context;
    private final LocalMember local;
    private final Joiner joiner;
    private final Rejoin rejoin;
    private final Seeds seeds;
    private final Consumer<JoinResult> joined;
    private final Map<String, WatchedSeed> watched = new HashMap<>();
    final PeriodicTask rounds;
    private boolean hasMetOthers;
    /** Calls of join, which ask the seeds themselves. */
    private final Set<JoinAttempt> callsUnderWay = new LinkedHashSet<>();
    /** Those of them that have led to others, as was notified before they came to an end. */
    private final Set<JoinAttempt> notified = new HashSet<>();

    private long metNanos;

    /** Seeds that are being asked, each by an attempt of its own: one that never answers must not hold up the others. */
    private int asking;

    private long warnAloneNanos;
    private boolean wasAlone;
    private volatile List<MissingSeed> missingSeeds = List.of();

    /** @param joined notified on the loop when a call of join has led to others, or others were met in another way */
    SeedWatch(
            Context context,
            LocalMember local,
            Joiner joiner,
            Rejoin rejoin,
            Seeds seeds,
            Consumer<JoinResult> joined) {
        this.context = context;
        this.local = local;
        this.joiner = joiner;
        this.rejoin = rejoin;
        this.seeds = seeds;
        this.joined = joined;
        this.rounds = new PeriodicTask(
                context.loop(),
                () -> Math.min(ROUND_NANOS, settings().initialDelay().toNanos() / 2),
                this::round);
    }

    private JoinRetryConfig settings() {
        return context.config().joinRetry();
    }

    /** Remembers the seeds of a call of join, whether or not it reaches anybody, unless the application gives up the call. */
    void watch(JoinAttempt call) {
        List<String> given = call.seeds().stream().filter(joiner::canBeAsked).toList();
        List<String> added =
                given.stream().filter(seed -> !seeds.contains(seed)).toList();
        seeds.remember(given);
        publish();
        // Whom this member knows already is not met through this call.
        hasMetOthers |= !isAlone();
        callsUnderWay.add(call);
        rounds.wake();
        call.result()
                .whenComplete((result, failure) -> context.loop().execute(() -> {
                    callsUnderWay.remove(call);
                    if (call.result().isCancelled()) {
                        seeds.forget(added);
                    }
                    boolean known = notified.remove(call);
                    if (failure == null && !known) {
                        joinedThrough(call.soFar(address -> !isOwn(address)));
                    }
                    asked(call);
                    publish();
                }));
    }

    /** Forgets the seeds, since this member leaves: it has no reason to go back by itself. */
    void forget() {
        seeds.forget(seeds.texts());
        watched.clear();
        hasMetOthers = false;
        publish();
    }

    /** {@return the seeds without a live member, in the order of preference} May be asked from anywhere. */
    List<MissingSeed> missingSeeds() {
        return missingSeeds;
    }

    private void publish() {
        missingSeeds = seeds.texts().stream()
                .filter(text -> isAlone() || seed(text).isMissing())
                .map(text -> new MissingSeed(text, seed(text).found()))
                .toList();
    }

    private boolean isAlone() {
        return context.table().live() <= 1;
    }

    private void round() {
        warnIfAlone();
        if (seeds.isEmpty() || local.left()) {
            rounds.rest();
            return;
        }
        notifyIfMet();
        if (!callsUnderWay.isEmpty()) {
            return;
        }
        if (hasMetOthers && context.config().stateSync().reconnectInterval().isZero()) {
            if (!isAlone()) {
                rounds.rest();
            }
            return;
        }
        watched.keySet().removeIf(text -> !seeds.contains(text));
        long now = context.loop().nanoTime();
        for (String text : seeds.texts()) {
            WatchedSeed seed = seed(text);
            update(text, seed, now);
            if (seed.isDue(now) && asking < context.config().limits().joinConcurrency()) {
                ask(text, seed);
            }
        }
        publish();
        if (asking == 0 && missingSeeds.isEmpty()) {
            // A member that changes ends the rest.
            seeds.texts().stream()
                    .mapToLong(text -> seed(text).untilDueNanos(now))
                    .min()
                    .ifPresent(rounds::restFor);
        }
    }

    private void joinedThrough(JoinResult result) {
        if (result.count() > 0 && !isAlone()) {
            hasMetOthers = true;
            joined.accept(result);
        }
    }

    /** A call of join that goes on, since one of its seeds is silent, is given a moment to come to its end. */
    private void notifyIfMet() {
        long now = context.loop().nanoTime();
        if (isAlone() || hasMetOthers) {
            metNanos = now;
        } else if (callsUnderWay.isEmpty() || now - metNanos >= CALL_MAY_TAKE_NANOS) {
            hasMetOthers = true;
            JoinResult result = callsUnderWay.stream()
                    .map(call -> call.soFar(address -> !isOwn(address)))
                    .filter(soFar -> soFar.count() > 0)
                    .findFirst()
                    .orElseGet(() -> new JoinResult(addressesOfOthers(), Map.of()));
            notified.addAll(callsUnderWay);
            joined.accept(result);
        }
    }

    /** The reason of each seed is logged once. Who looks at the log an hour later must find it as well. */
    private void warnIfAlone() {
        long now = context.loop().nanoTime();
        boolean alone = isAlone() && !seeds.isEmpty() && !local.left();
        if (alone && !wasAlone) {
            warnAloneNanos = now + ALONE_NANOS;
        }
        wasAlone = alone;
        if (alone && now - warnAloneNanos >= 0) {
            warnAloneNanos = now + ALONE_AGAIN_NANOS;
            context.log().logSelf(LogEvent.ALONE, LogText.list(missingSeeds, "; "));
        }
    }

    private void ask(String text, WatchedSeed seed) {
        asking++;
        seed.begin();
        JoinAttempt attempt = joiner.begin(List.of(text), this);
        attempt.result()
                .whenComplete((result, failure) -> context.loop().execute(() -> {
                    asking--;
                    seed.end();
                    asked(attempt);
                    publish();
                }));
    }

    private List<String> addressesOfOthers() {
        return context.table().records().stream()
                .filter(record -> record != local.record() && record.state().isLive())
                .map(record -> Addresses.text(record.address()))
                .toList();
    }

    private WatchedSeed seed(String text) {
        return watched.computeIfAbsent(
                text,
                t -> new WatchedSeed(joiner.parse(t).name(), context.loop().nanoTime()));
    }

    private void update(String text, WatchedSeed seed, long now) {
        if (seed.addresses().isEmpty()) {
            // It was never found, and is due since it was given, or since it was asked last.
            seed.becameMissing(now);
        } else if (isAlone() || !missing(seed, seed.addresses()).isEmpty()) {
            if (seed.becameMissing(now)) {
                seed.askAfter(now, pauseNanos(seed, now));
            }
        } else if (seed.becamePresent()) {
            seed.askAfter(now, lookUpPauseNanos());
            if (seed.endReport()) {
                context.log().log(LogEvent.SEED_RETURNED, text);
            }
        }
    }

    /** {@return those addresses at which no member is known to be alive} A suspected member may be gone or replaced. */
    private List<InetSocketAddress> missing(WatchedSeed seed, List<InetSocketAddress> addresses) {
        MemberRecord named = seed.name() == null ? null : context.table().get(seed.name());
        if (named != null && named.state() == MemberState.ALIVE) {
            return List.of();
        }
        return addresses.stream()
                .filter(address -> !context.table().isAliveAt(address) && !isThisMachine(address))
                .toList();
    }

    /** {@return whether a loopback address stands for a live member on this machine, which others know by another address} */
    private boolean isThisMachine(InetSocketAddress address) {
        InetAddress own = local.record().address().getAddress();
        return address.getAddress().isLoopbackAddress()
                && context.table().isAliveAt(new InetSocketAddress(own, address.getPort()));
    }

    @Override
    public List<InetSocketAddress> choose(String text, List<InetSocketAddress> found) {
        WatchedSeed seed = seed(text);
        List<InetSocketAddress> missing = missing(seed, found);
        if (!isSettled(seed, context.loop().nanoTime())) {
            return joiner.sample(missing, MAX_ADDRESSES);
        }
        // The name may stand for new hosts by now.
        Set<InetSocketAddress> tried = new TreeSet<>(AddressOrder.SOCKETS);
        tried.addAll(seed.addresses());
        List<InetSocketAddress> untried =
                missing.stream().filter(address -> !tried.contains(address)).toList();
        return untried.isEmpty() ? joiner.sample(missing, 1) : joiner.sample(untried, MAX_ADDRESSES);
    }

    @Override
    public StreamClient.Cancellable contact(Recipient recipient, Completion<Void> completion) {
        return wasGivenUp(recipient.address())
                ? rejoin.ifPacketsPass(recipient, completion)
                : rejoin.with(recipient, completion);
    }

    /** {@return whether a member at an address is suspected or has failed} One that left said so itself. */
    private boolean wasGivenUp(InetSocketAddress address) {
        return context.table().records().stream()
                        .anyMatch(
                                record -> (record.state() == MemberState.SUSPECT || record.state() == MemberState.DEAD)
                                        && record.address().equals(address))
                || context.tombstones().failed().stream()
                        .anyMatch(node ->
                                Addresses.of(node.address(), node.port()).equals(address));
    }

    /** Draws the conclusions of an attempt, whoever began it. */
    private void asked(JoinAttempt attempt) {
        long now = context.loop().nanoTime();
        for (String text : attempt.seeds()) {
            if (!seeds.contains(text)) {
                continue;
            }
            WatchedSeed seed = seed(text);
            List<InetSocketAddress> found = attempt.found(text);
            if (found != null) {
                seed.lookedUp(found);
            }
            List<InetSocketAddress> missing = missing(seed, seed.addresses());
            if (missing.isEmpty() && !seed.addresses().isEmpty() && !isAlone()) {
                seed.askAfter(now, lookUpPauseNanos());
                update(text, seed, now);
                continue;
            }
            seed.becameMissing(now);
            seed.found(found(attempt, text, missing));
            if (missing.stream().anyMatch(attempt::hasReached)) {
                // What the other side's members answer to their own deaths is worth fetching soon, but only once.
                boolean first = seed.answered() == 1;
                seed.askAfter(now, first ? context.refutedNanos() : pauseNanos(seed, now));
                continue;
            }
            seed.silent(now);
            seed.askAfter(now, pauseNanos(seed, now));
            String why = why(attempt, text, missing);
            if (why != null && seed.report()) {
                context.log().log(LogEvent.SEED_MISSING, text, why);
            }
        }
    }

    /** {@return what an attempt has found at a seed, for an operator to read} */
    private String found(JoinAttempt attempt, String text, List<InetSocketAddress> missing) {
        Throwable failure = failure(attempt, text, missing);
        if (failure != null) {
            return String.valueOf(failure.getMessage());
        }
        List<InetSocketAddress> found = attempt.found(text);
        if (found == null || found.isEmpty()) {
            return "it leads to no address";
        }
        return found.stream().allMatch(this::isOwn)
                ? "this member itself"
                : "it answers, and no other live member has its address";
    }

    private boolean isOwn(InetSocketAddress address) {
        InetSocketAddress own = local.record().address();
        return address.equals(own) || address.getAddress().isLoopbackAddress() && address.getPort() == own.getPort();
    }

    private static @Nullable Throwable failure(JoinAttempt attempt, String text, List<InetSocketAddress> missing) {
        Throwable failure = attempt.failure(text);
        for (InetSocketAddress address : missing) {
            failure = failure != null ? failure : attempt.failure(Addresses.text(address));
        }
        return failure;
    }

    private static @Nullable String why(JoinAttempt attempt, String text, List<InetSocketAddress> missing) {
        Throwable failure = failure(attempt, text, missing);
        // Who says that this member's name is taken is there, and the dispute is logged by itself.
        boolean unsaid = failure != null && !(failure instanceof NameTakenException);
        return unsaid ? String.valueOf(failure.getMessage()) : null;
    }

    private long longestPauseNanos() {
        return Formulas.pushPullIntervalNanos(
                settings().maxDelay().toNanos(), context.table().live());
    }

    private long lookUpPauseNanos() {
        return withRandomPart(LOOK_UP_EVERY * longestPauseNanos());
    }

    private long pauseNanos(WatchedSeed seed, long now) {
        if (isSettled(seed, now)) {
            long settled = watched.values().stream()
                    .filter(other -> isSettled(other, now))
                    .count();
            return withRandomPart(settled * longestPauseNanos());
        }
        return withRandomPart(Formulas.seedPauseNanos(
                seed.missingNanos(now),
                settings().initialDelay().toNanos(),
                settings().maxDelay().toNanos(),
                context.table().live()));
    }

    /** {@return whether a seed has been missing for so long that its pauses grow no more} */
    private boolean isSettled(WatchedSeed seed, long now) {
        return seed.isAlias() || seed.isMissing() && seed.missingNanos(now) / 6 >= longestPauseNanos();
    }

    /** Members that start together, or that miss the same seed, shall not ask together. */
    private long withRandomPart(long nanos) {
        return nanos + context.loop().random().nextLong(nanos / 2 + 1);
    }
}
