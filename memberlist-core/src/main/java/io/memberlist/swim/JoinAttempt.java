package io.memberlist.swim;

import io.memberlist.config.SeedAddress;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to join: looks up seeds and exchanges state with the addresses found, several look-ups and several exchanges
 * at a time.
 */
final class JoinAttempt {
    private static final StreamClient.Cancellable NOT_YET_OPEN = () -> {};

    private final Context context;
    private final Transport transport;
    private final Joiner.Approach approach;
    private final int defaultPort;
    private final List<String> seeds;
    private final CompletableFuture<JoinResult> result = new CompletableFuture<>();
    private final List<InetSocketAddress> reached = new ArrayList<>();
    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private final Map<String, List<InetSocketAddress>> found = new HashMap<>();
    private final Queue<String> toLookUp = new ArrayDeque<>();
    private final Set<CompletableFuture<?>> lookups = new LinkedHashSet<>();
    private final Queue<Recipient> waiting = new ArrayDeque<>();
    private final Set<Recipient> seen = new HashSet<>();
    private final Map<Recipient, StreamClient.Cancellable> running = new LinkedHashMap<>();

    JoinAttempt(
            Context context, Transport transport, int defaultPort, Collection<String> seeds, Joiner.Approach approach) {
        this.context = context;
        this.transport = transport;
        this.defaultPort = defaultPort;
        // The same seed twice is one look-up.
        this.seeds = List.copyOf(new LinkedHashSet<>(seeds));
        this.approach = approach;
    }

    /** {@return the seeds as they are written, each once} */
    List<String> seeds() {
        return seeds;
    }

    /** {@return completed on the loop with what was reached; cancel it to give up} */
    CompletableFuture<JoinResult> result() {
        return result;
    }

    /** {@return the addresses that a seed was found to stand for; null where the look-up failed or has not ended} */
    @Nullable
    List<InetSocketAddress> found(String seed) {
        return found.get(seed);
    }

    /** {@return whether state was exchanged with an address} */
    boolean hasReached(InetSocketAddress address) {
        return reached.contains(address);
    }

    /** {@return why a seed, or an address that it stands for, was not reached; null if that did not fail} */
    @Nullable
    Throwable failure(String seedOrAddress) {
        return failures.get(seedOrAddress);
    }

    /** {@return what was reached of the addresses that count, and what failed, until now} */
    JoinResult soFar(Predicate<InetSocketAddress> counts) {
        return new JoinResult(
                reached.stream().filter(counts).map(Addresses::text).toList(), failures);
    }

    void begin() {
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                context.loop().execute(this::giveUp);
            }
        });
        toLookUp.addAll(seeds);
        proceed();
    }

    /** Begins nothing more, and gives up what no other member can know of yet. */
    void windUp() {
        beginNoMore();
        List.copyOf(running.values()).forEach(StreamClient.Cancellable::cancelUnlessSent);
        context.loop().execute(this::proceed);
    }

    /** Gives up everything. */
    void giveUp() {
        beginNoMore();
        List.copyOf(running.values()).forEach(StreamClient.Cancellable::cancel);
        context.loop().execute(this::proceed);
    }

    private void beginNoMore() {
        toLookUp.clear();
        waiting.clear();
        List.copyOf(lookups).forEach(lookup -> lookup.cancel(false));
    }

    private void proceed() {
        int limit = context.config().limits().joinConcurrency();
        while (lookups.size() < limit && !toLookUp.isEmpty() && !result.isDone()) {
            lookUp(toLookUp.remove());
        }
        while (running.size() < limit && !result.isDone()) {
            Recipient recipient = waiting.poll();
            if (recipient == null) {
                break;
            }
            exchange(recipient);
        }
        if (toLookUp.isEmpty() && lookups.isEmpty() && waiting.isEmpty() && running.isEmpty()) {
            JoinResult outcome = soFar(address -> true);
            if (reached.isEmpty() && !failures.isEmpty()) {
                result.completeExceptionally(new JoinException(outcome));
            } else {
                result.complete(outcome);
            }
        }
    }

    private void lookUp(String seed) {
        SeedAddress address;
        try {
            address = SeedAddress.parse(seed, defaultPort);
            if (context.config().network().requireNodeNames() && address.name() == null) {
                throw new MemberlistException(
                        "node names are required by configuration but '" + seed + "' has none: use name/host:port");
            }
        } catch (MemberlistException e) {
            failures.put(seed, e);
            return;
        }
        CompletableFuture<List<InetSocketAddress>> lookingUp = transport.lookUp(
                address.lookup(), context.config().network().dnsConfigPath(), context.streamTimeoutNanos());
        lookups.add(lookingUp);
        lookingUp.whenComplete((addresses, failure) -> context.loop().execute(() -> {
            lookups.remove(lookingUp);
            lookedUp(seed, address.name(), addresses, failure);
            proceed();
        }));
    }

    private void lookedUp(
            String seed,
            @Nullable String name,
            @Nullable List<InetSocketAddress> addresses,
            @Nullable Throwable failure) {
        if (addresses == null) {
            Throwable cause =
                    failure == null ? new MemberlistException("cannot resolve " + seed) : Causes.unwrap(failure);
            context.log().debug("failed to resolve {}: {}", seed, cause.getMessage());
            failures.put(seed, cause);
            return;
        }
        found.put(seed, addresses);
        if (result.isDone()) {
            return;
        }
        for (InetSocketAddress address : approach.choose(seed, addresses)) {
            Recipient recipient = new Recipient(address, name);
            if (seen.stream().noneMatch(other -> mayBeTheSame(other, recipient))) {
                seen.add(recipient);
                waiting.add(recipient);
            }
        }
    }

    /** Where a transport routes by name, several members may share an address. */
    private static boolean mayBeTheSame(Recipient a, Recipient b) {
        boolean named = a.name() != null && b.name() != null;
        return a.address().equals(b.address()) && (!named || a.equals(b));
    }

    private void exchange(Recipient recipient) {
        running.put(recipient, NOT_YET_OPEN);
        Completion<Void> completion = (nothing, failure) -> {
            running.remove(recipient);
            ended(recipient, failure);
            context.loop().execute(this::proceed);
        };
        StreamClient.Cancellable exchange = approach.contact(recipient, completion);
        running.replace(recipient, exchange);
    }

    private void ended(Recipient recipient, @Nullable Throwable failure) {
        String text = Addresses.text(recipient.address());
        if (failure == null) {
            reached.add(recipient.address());
        } else {
            context.log().debug("failed to join {}: {}", text, failure.getMessage());
            failures.put(text, failure);
        }
    }
}
