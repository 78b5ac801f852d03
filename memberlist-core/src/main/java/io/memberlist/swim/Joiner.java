package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.SeedAddress;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins through seeds: looks them up and exchanges state with every address found, several look-ups and several
 * exchanges at a time.
 */
final class Joiner {
    private static final StreamClient.Cancellable NOT_YET_OPEN = () -> {};

    private final Context context;
    private final Transport transport;
    private final StateSync stateSync;
    private final LocalMember local;
    private final Consumer<Recipient> joined;
    private final int defaultPort;

    /** @param joined called with every seed that was reached */
    Joiner(Context context, Transport transport, StateSync stateSync, LocalMember local, Consumer<Recipient> joined) {
        this.joined = joined;
        this.context = context;
        this.transport = transport;
        this.stateSync = stateSync;
        this.local = local;
        int bindPort = context.config().network().bindPort();
        this.defaultPort = bindPort != 0 ? bindPort : transport.boundAddress().getPort();
    }

    /** {@return whether a seed is written as one} */
    private boolean canBeAsked(String seed) {
        try {
            SeedAddress.parse(seed, defaultPort);
            return true;
        } catch (MemberlistException e) {
            return false;
        }
    }

    /**
     * Joins; a member that has left takes part again.
     *
     * @return completed on the loop with what was reached; cancel it to give up
     */
    CompletableFuture<JoinResult> join(Collection<String> seeds) {
        // A call with nothing but mistyped seeds does not bring the member back.
        if (seeds.isEmpty() || seeds.stream().anyMatch(this::canBeAsked)) {
            local.rejoin();
        }
        Attempt attempt = new Attempt();
        attempt.begin(seeds);
        return attempt.result;
    }

    /** One call of join. */
    private final class Attempt {
        final CompletableFuture<JoinResult> result = new CompletableFuture<>();
        private final List<String> reached = new ArrayList<>();
        private final Map<String, Throwable> failures = new LinkedHashMap<>();
        private final Queue<Recipient> waiting = new ArrayDeque<>();
        private final Set<Recipient> seen = new HashSet<>();
        private final Map<Recipient, StreamClient.Cancellable> running = new LinkedHashMap<>();
        private final Queue<String> seeds = new ArrayDeque<>();
        private final Set<CompletableFuture<?>> lookups = new LinkedHashSet<>();

        void begin(Collection<String> given) {
            result.whenComplete((value, failure) -> {
                if (result.isCancelled()) {
                    context.loop().execute(this::giveUp);
                }
            });
            // The same seed twice is one look-up.
            seeds.addAll(new LinkedHashSet<>(given));
            proceed();
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
            MemberlistConfig config = context.config();
            CompletableFuture<List<InetSocketAddress>> lookingUp = transport.lookUp(
                    address.lookup(),
                    config.network().dnsConfigPath(),
                    config.network().tcpTimeout().toNanos());
            lookups.add(lookingUp);
            lookingUp.whenComplete((found, failure) -> context.loop().execute(() -> {
                lookups.remove(lookingUp);
                lookedUp(seed, address.name(), found, failure);
                proceed();
            }));
        }

        private void lookedUp(
                String seed,
                @Nullable String name,
                @Nullable List<InetSocketAddress> found,
                @Nullable Throwable failure) {
            if (found == null) {
                Throwable cause = failure == null ? null : Causes.unwrap(failure);
                context.log().log(LogEvent.SEED_UNRESOLVED, seed, cause == null ? "" : cause.getMessage());
                failures.put(seed, cause == null ? new MemberlistException("cannot resolve " + seed) : cause);
                return;
            }
            for (InetSocketAddress address : found) {
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

        private void proceed() {
            int limit = context.config().limits().joinConcurrency();
            while (lookups.size() < limit && !seeds.isEmpty() && !result.isDone()) {
                lookUp(seeds.remove());
            }
            while (running.size() < limit && !result.isDone()) {
                Recipient recipient = waiting.poll();
                if (recipient == null) {
                    break;
                }
                exchange(recipient);
            }
            if (seeds.isEmpty() && lookups.isEmpty() && waiting.isEmpty() && running.isEmpty()) {
                JoinResult outcome = new JoinResult(reached, failures);
                if (reached.isEmpty() && !failures.isEmpty()) {
                    result.completeExceptionally(new JoinException(outcome));
                } else {
                    result.complete(outcome);
                }
            }
        }

        private void exchange(Recipient recipient) {
            running.put(recipient, NOT_YET_OPEN);
            StreamClient.Cancellable exchange = stateSync.join(recipient, List.of(), (nothing, failure) -> {
                running.remove(recipient);
                ended(recipient, failure);
                context.loop().execute(this::proceed);
            });
            running.replace(recipient, exchange);
        }

        private void ended(Recipient recipient, @Nullable Throwable failure) {
            String text = Addresses.text(recipient.address());
            if (failure == null) {
                reached.add(text);
                joined.accept(recipient);
            } else {
                context.log().debug("failed to join {}: {}", text, failure.getMessage());
                failures.put(text, failure);
            }
        }

        private void giveUp() {
            seeds.clear();
            waiting.clear();
            List.copyOf(lookups).forEach(lookup -> lookup.cancel(false));
            List.copyOf(running.values()).forEach(StreamClient.Cancellable::cancel);
        }
    }
}
