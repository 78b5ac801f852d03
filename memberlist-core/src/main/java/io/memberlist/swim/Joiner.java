package io.memberlist.swim;

import io.memberlist.config.SeedAddress;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Begins attempts to join, and ends them when this member leaves. */
final class Joiner {
    /** A name may have more hosts, or a hostile name server may say so. Any of them leads to all members. */
    private static final int MAX_ADDRESSES = 256;

    private final Context context;
    private final Transport transport;
    private final LocalMember local;
    private final Approach ofTheApplication;
    private final int defaultPort;
    private final Set<JoinAttempt> underWay = new LinkedHashSet<>();

    Joiner(Context context, Transport transport, StateSync stateSync, LocalMember local) {
        this.context = context;
        this.transport = transport;
        this.local = local;
        this.ofTheApplication = new Approach() {
            @Override
            public List<InetSocketAddress> choose(String seed, List<InetSocketAddress> found) {
                return sample(found, MAX_ADDRESSES);
            }

            @Override
            public StreamClient.Cancellable contact(Recipient recipient, Completion<Void> completion) {
                return stateSync.join(recipient, List.of(), completion);
            }
        };
        int bindPort = context.config().network().bindPort();
        this.defaultPort = bindPort != 0 ? bindPort : transport.boundAddress().getPort();
    }

    /** Which addresses of a seed are contacted, and how. */
    interface Approach {
        /** {@return those of the addresses found that are to be contacted} */
        List<InetSocketAddress> choose(String seed, List<InetSocketAddress> found);

        /**
         * Exchanges state.
         *
         * @param completion notified on the loop, once
         */
        StreamClient.Cancellable contact(Recipient recipient, Completion<Void> completion);
    }

    /**
     * {@return what a seed stands for}
     *
     * @throws MemberlistException if it is not written as one
     */
    SeedAddress parse(String seed) {
        return SeedAddress.parse(seed, defaultPort);
    }

    /** {@return whether a seed is written as one} */
    boolean canBeAsked(String seed) {
        try {
            parse(seed);
            return true;
        } catch (MemberlistException e) {
            return false;
        }
    }

    /** Joins through every address of the seeds; a member that has left takes part again. */
    JoinAttempt join(Collection<String> seeds) {
        // A call with nothing but mistyped seeds does not bring the member back.
        if (seeds.isEmpty() || seeds.stream().anyMatch(this::canBeAsked)) {
            local.rejoin();
        }
        return begin(seeds, ofTheApplication);
    }

    /** Begins an attempt. */
    JoinAttempt begin(Collection<String> seeds, Approach approach) {
        JoinAttempt attempt = new JoinAttempt(context, transport, defaultPort, seeds, noticed(approach));
        underWay.add(attempt);
        attempt.result().whenComplete((value, failure) -> context.loop().execute(() -> underWay.remove(attempt)));
        attempt.begin();
        return attempt;
    }

    /** {@return the same approach, for which this member notices first where its seeds are} */
    private Approach noticed(Approach approach) {
        return new Approach() {
            @Override
            public List<InetSocketAddress> choose(String seed, List<InetSocketAddress> found) {
                local.seedsFound(found);
                return approach.choose(seed, found);
            }

            @Override
            public StreamClient.Cancellable contact(Recipient recipient, Completion<Void> completion) {
                return approach.contact(recipient, completion);
            }
        };
    }

    /** {@return whether an attempt is under way} */
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /**
     * Ends the attempts that are under way, since this member leaves. Whoever may have received this member's state already
     * is waited for: only then is it known, and can be told that this member leaves.
     *
     * @return completed on the loop
     */
    CompletableFuture<Void> windUp(long timeoutNanos) {
        List<JoinAttempt> attempts = List.copyOf(underWay);
        attempts.forEach(JoinAttempt::windUp);
        EventLoop.Timer limit = context.loop().schedule(timeoutNanos, () -> attempts.forEach(JoinAttempt::giveUp));
        return CompletableFuture.allOf(
                        attempts.stream().map(JoinAttempt::result).toArray(CompletableFuture[]::new))
                .handle((done, failure) -> {
                    limit.cancel();
                    return null;
                });
    }

    /** {@return so many of the addresses at most, in their order; chosen at random if there are more} */
    List<InetSocketAddress> sample(List<InetSocketAddress> addresses, int limit) {
        List<InetSocketAddress> sample = new ArrayList<>(addresses);
        while (sample.size() > limit) {
            sample.remove(context.loop().random().nextInt(sample.size()));
        }
        return sample;
    }
}
