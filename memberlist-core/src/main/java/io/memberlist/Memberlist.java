package io.memberlist;

import io.memberlist.broadcast.Broadcast;
import io.memberlist.config.LimitsConfig;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.config.NetworkConfig;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.NameTakenException;
import io.memberlist.metrics.MeasurementListener;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.metrics.MetricsSource;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.TransportSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One member of a cluster: finds the others, notices failures, carries messages. Wire compatible with HashiCorp
 * memberlist.
 *
 * <pre>{@code
 * Memberlist cluster = Memberlist.create(MemberlistConfig.lan().nodeName("a").build());
 * cluster.join("10.0.0.7").join();
 * cluster.members().forEach(System.out::println);
 * }</pre>
 *
 * <p>Every method may be called from any thread, callbacks included. Queries answer from immutable snapshots without
 * waiting; everything that takes time returns a future, which is completed off the protocol's thread.
 */
public interface Memberlist extends MetricsSource, AutoCloseable {
    /**
     * Binds the address and starts the protocol; the new member is alone until it joins others or is joined.
     *
     * @throws MemberlistException if the address cannot be bound or resolved; everything opened is closed again
     */
    static Memberlist create(MemberlistConfig config) {
        return Futures.await(createAsync(config));
    }

    /** As {@link #create}, without waiting. Fails with {@link MemberlistException}. */
    static CompletableFuture<Memberlist> createAsync(MemberlistConfig config) {
        return Launch.start(config);
    }

    /**
     * Exchanges state with each seed, {@link LimitsConfig#joinConcurrency} at a time. Cancelling the future gives
     * up. A seed is one of these, with {@code name/} before it or not:
     *
     * <ul>
     *   <li>{@code host}, {@code host:port} or {@code [v6]:port}; without a port the configured bind port is meant, and a
     *       name stands for all its addresses;
     *   <li>{@code dns+host} or {@code dns+host:port}: the A and AAAA records, asked of the name servers in {@link
     *       NetworkConfig#dnsConfigPath};
     *   <li>{@code dnssrv+_service._tcp.domain}: the SRV records, and the addresses of the hosts they name. A port at the
     *       end overrules theirs.
     * </ul>
     *
     * Looking one up takes no longer than {@link NetworkConfig#tcpTimeout}. Of a name with more than 256 addresses, that many
     * are contacted.
     *
     * <p>The member remembers up to 64 well-formed seeds, also when none of them is reached, and asks them again while it is
     * alone or a seed has no live member behind it ({@link io.memberlist.config.JoinRetryConfig}): until it leaves, and also
     * after a {@link #restart()}. The seeds of a call that was cancelled are not remembered.
     *
     * <p>Where the cluster knows another process under this member's name, this member was not admitted, and merges nothing
     * while it is alone. If the other process answers, the seed is among the failures, with a {@link NameTakenException}. If
     * not, it is most likely a former process of this member: the future waits until the cluster has declared that one dead
     * and has admitted this one, which takes a few seconds, or for as long as a suspicion can last. In both cases this member
     * goes on asking in the background, and becomes a member by itself when the name is free.
     *
     * @return what was reached; fails with {@link JoinException} if nothing was, though seeds were given
     */
    CompletableFuture<JoinResult> join(Collection<String> seeds);

    /** As {@link #join(Collection)}. */
    default CompletableFuture<JoinResult> join(String... seeds) {
        return join(Arrays.asList(seeds));
    }

    /** {@return the live members (alive or suspect), the local one included, in no particular order} */
    List<Member> members();

    /** {@return every member known, with those that failed or left and are not forgotten yet} */
    @Override
    List<Member> allMembers();

    /** {@return the member of that name, in whatever state, if it is known} */
    Optional<Member> member(String name);

    /** {@return this member} */
    Member localMember();

    /**
     * {@return who has the name of this member, where others know another process under it and ignore this one} Empty as
     * soon as this member is admitted.
     */
    Optional<NameConflict> nameConflict();

    /** {@return the number of live members, the local one included} */
    int numMembers();

    /** {@return whether this member has known another live member since it was created or restarted last} */
    boolean hasMetOthers();

    /**
     * {@return the remembered seeds behind which there is no other live member, in the order of preference, each with what was
     * found there last} All of them while this member is alone. They are asked again, see {@link #join(Collection)}.
     */
    List<MissingSeed> missingSeeds();

    /**
     * Changes this member's metadata and tells the cluster.
     *
     * @param meta at most {@value Member#META_MAX_SIZE} bytes
     * @return completed when the news has gone out to its last gossip target, at once where this member is alone; fails
     *     with {@link java.util.concurrent.TimeoutException} when that took longer (the change stands all the same)
     * @throws MemberlistException if the metadata is too large
     */
    CompletableFuture<Void> updateMeta(byte[] meta, Duration timeout);

    /**
     * Changes this member's tags and tells the cluster. The change is applied to the tags as they are when its turn comes, so
     * none is lost where several parts of an application change tags. As {@link #updateMeta}, and fails with a {@link
     * MemberlistException} if the tags become too large, or if the metadata is not made of tags.
     *
     * @param change receives a map of the tags, which it may change, and returns the new ones; called on the protocol's
     *     thread, so it must not block
     */
    CompletableFuture<Void> updateTags(UnaryOperator<Map<String, String>> change, Duration timeout);

    /**
     * Changes this member's metadata to what its {@link io.memberlist.delegate.Delegate} says now, or repeats what the
     * configuration says where there is none, and tells the cluster. As {@link #updateMeta}.
     */
    CompletableFuture<Void> updateNode(Duration timeout);

    /**
     * Spreads a user message by gossip. It is sent to a few members at random, a number of times that grows with the
     * logarithm of the cluster, and receivers do not pass it on: in a large cluster not everybody gets it, as with the Go
     * library. A broadcast of the module memberlist-messaging reaches everybody.
     *
     * @param message must fit a packet
     * @return completed when it has been sent as often as it will be; fails with {@link MemberlistException} if it is too
     *     large, naming the limit
     */
    CompletableFuture<Void> gossip(byte[] message);

    /**
     * Queues a broadcast, which may replace others and hears when it is {@linkplain Broadcast#finished() finished} (on
     * the protocol's thread: answer at once).
     *
     * @return completed when it waits to be sent; fails with {@link MemberlistException} if it is too large
     */
    CompletableFuture<Void> queueBroadcast(Broadcast broadcast);

    /**
     * Sends a user message in one packet; it may get lost.
     *
     * @param message may be empty; must fit a packet
     * @return completed when the packet left; fails with {@link MemberlistException} if it is too large, naming the
     *     limit, or with {@link java.io.IOException} if the network refuses
     */
    CompletableFuture<Void> sendBestEffort(Recipient to, byte[] message);

    /** As {@link #sendBestEffort(Recipient, byte[])}, to whoever is at the address. */
    default CompletableFuture<Void> sendBestEffort(InetSocketAddress to, byte[] message) {
        return sendBestEffort(Recipient.at(to), message);
    }

    /** As {@link #sendBestEffort(Recipient, byte[])}. */
    CompletableFuture<Void> sendBestEffort(Member to, byte[] message);

    /**
     * Sends a user message over a stream.
     *
     * @param message at most {@link LimitsConfig#userMessageSize()} bytes
     * @return completed when the stream took all of it; fails with {@link java.io.IOException} otherwise
     */
    CompletableFuture<Void> sendReliable(Recipient to, byte[] message);

    /** As {@link #sendReliable(Recipient, byte[])}, to whoever is at the address. */
    default CompletableFuture<Void> sendReliable(InetSocketAddress to, byte[] message) {
        return sendReliable(Recipient.at(to), message);
    }

    /** As {@link #sendReliable(Recipient, byte[])}. */
    CompletableFuture<Void> sendReliable(Member to, byte[] message);

    /**
     * Pings a member directly.
     *
     * @return the round-trip time; fails with {@link java.util.concurrent.TimeoutException} after the probe timeout
     */
    CompletableFuture<Duration> ping(String name, InetSocketAddress address);

    /**
     * Tells the cluster that this member leaves. It goes on answering, and hears of others, until {@link #shutdown};
     * {@link #join} brings it back. It forgets its seeds. Calls of join that are under way end first.
     *
     * @param timeout how long the news may take to go out; zero for as long as it takes
     * @return completed when the news has gone out, at once where this member is alone; fails with
     *     {@link java.util.concurrent.TimeoutException} when that took longer
     */
    CompletableFuture<Void> leave(Duration timeout);

    /** {@return whether this member has left and not come back} */
    boolean hasLeft();

    /**
     * {@return whether this member takes part in the protocol: from its creation, or from the end of a {@link #restart},
     * until {@link #shutdown} is called}
     */
    boolean isRunning();

    /**
     * {@return why members on other machines cannot reach this one at the address it advertises, and what to do about it, for
     * an operator to read; empty where nothing is known to be wrong} The machine has lost the address, or has none but
     * loopback while seeds are elsewhere, or others answer over streams and none of their packets arrives. Whether the machine
     * has the address is not checked where it belongs to a router in front of it.
     */
    Optional<String> addressProblem();

    /** {@return what carries this member's packets and streams: {@code udp}, {@code tls}, {@code tcp} or another name} */
    String transport();

    /** {@return how the connections to others are protected by TLS; empty if they are not} */
    Optional<TransportSecurity> transportSecurity();

    @Override
    default Optional<Instant> certificateExpiresAt() {
        return transportSecurity().map(TransportSecurity::certificateExpiresAt);
    }

    /** {@return Lifeguard's local health score: 0 is healthy, higher is worse} */
    @Override
    int healthScore();

    /** {@return the protocol version this member speaks, 1 to 5} */
    default int protocolVersion() {
        return config().protocol().version();
    }

    /** {@return the configuration this member was created with, or restarted with last} */
    MemberlistConfig config();

    /** {@return what was counted since creation} */
    @Override
    MemberlistStatistics statistics();

    /**
     * Adds a listener that is told, on the protocol's thread, what this member measures from now on.
     *
     * @param listener must return at once and must not block; one that throws is logged
     */
    @Override
    void addMeasurementListener(MeasurementListener listener);

    /**
     * Adds a listener that is told of every successful {@link #join}: another member was reached, and the result leaves out this
     * member itself. Where the call found nobody, it is told when this member has met others later, with the addresses of those.
     * Where others are known and the call goes on, because a seed is silent, it is told within some two seconds, of what was
     * reached by then. It is called off the protocol's thread; one that throws an exception is logged.
     */
    void addJoinListener(Consumer<JoinResult> listener);

    /**
     * Stops without telling the cluster, which will notice a failure: leave first for an orderly end. Safe to call more
     * than once. Afterwards queries answer what was known last, whatever needs the network fails, and {@link #restart}
     * brings the member back.
     */
    CompletableFuture<Void> shutdown();

    /**
     * Starts this member again after {@link #shutdown}, as itself: with the same configuration and name, the metadata last
     * set, and the same port, also where the system had picked that port, because the others know it there. It begins a new
     * life, in which it is alone until it joins; it asks the seeds again that it was given before, unless it has left. The
     * keyring, the listeners and the statistics are carried over; queued broadcasts and what was known of other members are
     * not.
     *
     * @return completed when the member runs; fails with {@link MemberlistException} if it runs already or cannot be started,
     *     with {@link io.memberlist.transport.PortInUseException} among the causes if somebody else has its port by now. It
     *     then stays as it was, and may be restarted again, possibly with another port
     */
    CompletableFuture<Void> restart();

    /**
     * As {@link #restart()}, with changes in the configuration. A port of 0 lets the system pick another one.
     *
     * @param change is given the configuration with the metadata last set
     */
    CompletableFuture<Void> restart(UnaryOperator<MemberlistConfigBuilder> change);

    /** Shuts down and waits. */
    @Override
    default void close() {
        Futures.await(shutdown());
    }
}
