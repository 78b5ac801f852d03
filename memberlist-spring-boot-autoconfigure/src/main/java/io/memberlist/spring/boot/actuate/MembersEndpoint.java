package io.memberlist.spring.boot.actuate;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.SeedAddress;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.member.NameConflict;
import io.memberlist.metrics.MemberlistStatistics;
import io.memberlist.spring.DurationText;
import io.memberlist.spring.MockedMember;
import io.memberlist.spring.boot.actuate.ClusterKeyOperations.ClusterKeysDescriptor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows the cluster as this member knows it, and lets an operator join, leave and change this member's keys.
 *
 * <p>By default the endpoint is read-only. Joining connects to any address that the caller names, leaving takes the member
 * out of the cluster, and a wrong key cuts it off, so these need {@code management.endpoint.members.access=unrestricted}.
 */
@Endpoint(id = "members", defaultAccess = Access.READ_ONLY)
public class MembersEndpoint {
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    private final Memberlist memberlist;
    private final Duration leaveTimeout;
    private final @Nullable ClusterKeyOperations clusterKeys;

    /**
     * @param memberlist the member whose view is shown
     * @param leaveTimeout how long the leave message may take to go out
     */
    public MembersEndpoint(Memberlist memberlist, Duration leaveTimeout) {
        this(memberlist, leaveTimeout, null);
    }

    /**
     * @param memberlist the member whose view is shown
     * @param leaveTimeout how long the leave message may take to go out
     * @param clusterKeys changes the keys of all members; null where this member cannot
     */
    public MembersEndpoint(Memberlist memberlist, Duration leaveTimeout, @Nullable ClusterKeyOperations clusterKeys) {
        this.memberlist = memberlist;
        this.leaveTimeout = leaveTimeout;
        this.clusterKeys = clusterKeys;
    }

    /** {@return this member and every member known, ordered by name} */
    @ReadOperation
    public MembersDescriptor members() {
        refuseMock();
        List<MemberDescriptor> members = memberlist.allMembers().stream()
                .sorted(Comparator.comparing(Member::name))
                .map(MemberDescriptor::of)
                .toList();
        MemberlistConfig config = memberlist.config();
        MemberlistStatistics statistics = memberlist.statistics();
        return new MembersDescriptor(
                MemberDescriptor.of(memberlist.localMember()),
                memberlist.isRunning(),
                memberlist.hasLeft(),
                memberlist.healthScore(),
                memberlist.numMembers(),
                memberlist.partlyReachable().stream()
                        .map(PartlyReachableDescriptor::of)
                        .toList(),
                memberlist.degradedMembers().stream()
                        .map(DegradedMemberDescriptor::of)
                        .toList(),
                memberlist.nameConflict().map(NameConflict::describe).orElse(null),
                memberlist.addressProblem().orElse(null),
                memberlist.missingSeeds().stream()
                        .map(seed -> new SeedDescriptor(seed.seed(), seed.found()))
                        .toList(),
                TransportDescriptor.of(memberlist),
                config.network().label(),
                Encryption.of(config),
                statistics.queuedBroadcasts(),
                statistics.queuedMessages(),
                new TreeMap<>(statistics.drops()),
                members);
    }

    /**
     * @param name a member's name; one with slashes, as {@code namespace/pod}, is given in its parts
     * @return the member, in whatever state; null, which is status 404 over HTTP, if it is not known
     */
    @ReadOperation
    public @Nullable MemberDescriptor member(@Selector(match = Selector.Match.ALL_REMAINING) String... name) {
        return memberlist
                .member(String.join("/", name))
                .map(MemberDescriptor::of)
                .orElse(null);
    }

    /**
     * Joins a cluster, or comes back after leaving.
     *
     * @param seeds the members to join through, as host, host:port, [v6]:port or name/host:port, in one text with commas
     *     between them, because Actuator takes no lists: {@code {"seeds": "10.0.0.1, 10.0.0.2:7947"}}
     * @return the seeds that were reached; an empty list, not an error, if none was
     */
    @WriteOperation
    public JoinDescriptor join(@Nullable String seeds) {
        refuseMock();
        MemberlistConfig config = memberlist.config();
        List<String> targets = Arrays.stream((seeds == null ? "" : seeds).split(","))
                .filter(seed -> !seed.isBlank())
                .map(seed -> SeedAddress.withPort(seed.strip(), SeedAddress.defaultPort(config)))
                .toList();
        if (targets.isEmpty()) {
            throw refused("'seeds' is missing or empty: name at least one member, as host, host:port or [v6]:port");
        }
        CompletableFuture<JoinResult> joined = memberlist.join(targets);
        try {
            return JoinDescriptor.of(joined.get(JOIN_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JoinException nobody) {
                return JoinDescriptor.of(nobody.result());
            }
            throw failed("join", e.getCause());
        } catch (TimeoutException e) {
            throw failed("join within " + DurationText.of(JOIN_TIMEOUT), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("join", e);
        } finally {
            joined.cancel(true);
        }
    }

    /**
     * Leaves the cluster; {@link #join} comes back to it.
     *
     * @return whether the leave message went out in time; this member has left either way
     */
    @DeleteOperation
    public LeaveDescriptor leave() {
        refuseMock();
        try {
            memberlist.leave(leaveTimeout).get();
            return new LeaveDescriptor(memberlist.hasLeft(), true);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                return new LeaveDescriptor(memberlist.hasLeft(), false);
            }
            throw failed("leave", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("leave", e);
        }
    }

    /**
     * Changes the keys of this member and of no other. A rotation installs the new key at every
     * member, then uses it at every member, then removes the old one from every member.
     *
     * @param operation {@code install-key}, {@code use-key} or {@code remove-key}
     * @param key the key in Base64; a key that is installed may be named by its fingerprint instead
     * @return the fingerprints of the keys after the change
     */
    @WriteOperation
    public KeysDescriptor changeKeys(@Selector String operation, @Nullable String key) {
        refuseMock();
        return new KeysDescriptor(KeyOperation.named(operation)
                .apply(memberlist.config().encryption().keyring(), key));
    }

    /**
     * Does a step of a key rotation at all members, by requests, and waits for each. A step may be repeated. It is refused
     * where the step before has not been done by all members.
     *
     * @param scope {@code cluster}
     * @param operation {@code install-key}, {@code use-key} or {@code remove-key}; {@code rotate-key} for all three, which
     *     replaces every other key; {@code list-keys}, which changes nothing
     * @param key the key in Base64; the fingerprint will do to use or to remove a key
     * @param force whether to use or to remove the key although some members are not ready, or did not answer
     * @return the fingerprints of the keys of each member, and who has not done the step
     */
    @WriteOperation
    public ClusterKeysDescriptor changeClusterKeys(
            @Selector String scope, @Selector String operation, @Nullable String key, @Nullable Boolean force) {
        if (!scope.equals("cluster")) {
            throw refused(
                    "there is no such operation: use cluster/" + operation + ", or " + operation + " for this member");
        }
        if (clusterKeys == null) {
            throw refused("the keys of the cluster cannot be changed by this member: it needs keys"
                    + " (memberlist.encryption.keys), cluster messages (memberlist.messaging.enabled), and"
                    + " memberlist.encryption.verify-incoming and verify-outgoing must not be false");
        }
        return clusterKeys.apply(operation, key, Boolean.TRUE.equals(force));
    }

    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }

    private void refuseMock() {
        if (MockedMember.is(memberlist)) {
            throw refused("the member of this application is a mock, which knows no cluster");
        }
    }

    private static MemberlistException failed(String what, @Nullable Throwable cause) {
        String reason = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new MemberlistException("the member could not " + what + reason, cause);
    }

    /**
     * The cluster.
     *
     * @param local this member
     * @param running whether this member takes part in the protocol
     * @param left whether this member has left the cluster
     * @param healthScore 0 is healthy, higher is worse
     * @param live how many members are alive or suspected
     * @param partlyReachable live members that this one reaches over UDP only, or over TCP only
     * @param degradedMembers members that fail and come back again and again
     * @param nameConflict who has the name of this member and what to do, while others know another process under it; else null
     * @param addressProblem why others cannot reach this member at the address that it advertises, and what to do; null where
     *     nothing is known to be wrong
     * @param missingSeeds the seeds behind which there is no other live member
     * @param transport what carries packets and streams, and its TLS
     * @param label the label of the cluster, empty for none
     * @param encryption how traffic is encrypted
     * @param queuedBroadcasts broadcasts that wait to be gossiped
     * @param queuedMessages user messages that wait for the application
     * @param drops messages and requests that were dropped since the start, by reason
     * @param members all members known, with those that failed or left and are not forgotten yet
     */
    public record MembersDescriptor(
            MemberDescriptor local,
            boolean running,
            boolean left,
            int healthScore,
            int live,
            List<PartlyReachableDescriptor> partlyReachable,
            List<DegradedMemberDescriptor> degradedMembers,
            @Nullable String nameConflict,
            @Nullable String addressProblem,
            List<SeedDescriptor> missingSeeds,
            TransportDescriptor transport,
            String label,
            Encryption encryption,
            int queuedBroadcasts,
            int queuedMessages,
            Map<String, Long> drops,
            List<MemberDescriptor> members)
            implements OperationResponseBody {}

    /**
     * A seed behind which there is no other live member.
     *
     * @param seed as it was written
     * @param found what was found there last
     */
    public record SeedDescriptor(String seed, String found) {}

    /**
     * How traffic is encrypted.
     *
     * @param enabled whether this member has keys
     * @param verifyIncoming whether it then refuses plaintext
     * @param verifyOutgoing whether it then sends no plaintext
     * @param keys fingerprints of the keys, which reveal nothing of the keys; the primary's first
     */
    public record Encryption(boolean enabled, boolean verifyIncoming, boolean verifyOutgoing, List<String> keys) {
        static Encryption of(MemberlistConfig config) {
            Keyring keyring = config.encryption().keyring();
            boolean enabled = keyring != null;
            return new Encryption(
                    enabled,
                    enabled && config.encryption().verifyIncoming(),
                    enabled && config.encryption().verifyOutgoing(),
                    keyring == null ? List.of() : keyring.fingerprints());
        }
    }

    /**
     * The result of joining.
     *
     * @param reached the addresses with which state was exchanged
     * @param failures the seeds that could not be reached, and why
     */
    public record JoinDescriptor(List<String> reached, Map<String, String> failures) implements OperationResponseBody {
        static JoinDescriptor of(JoinResult result) {
            Map<String, String> reasons = new TreeMap<>();
            result.failures().forEach((seed, failure) -> reasons.put(seed, String.valueOf(failure.getMessage())));
            return new JoinDescriptor(result.reached(), reasons);
        }
    }

    /**
     * The result of leaving.
     *
     * @param left whether this member has left
     * @param told whether the leave message went out in time; otherwise the others notice the absence
     */
    public record LeaveDescriptor(boolean left, boolean told) implements OperationResponseBody {}

    /**
     * The keys after a change.
     *
     * @param keys fingerprints of the keys, the primary's first
     */
    public record KeysDescriptor(List<String> keys) implements OperationResponseBody {}
}
