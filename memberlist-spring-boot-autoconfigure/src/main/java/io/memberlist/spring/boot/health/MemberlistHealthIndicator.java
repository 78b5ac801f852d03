package io.memberlist.spring.boot.health;

import io.memberlist.Memberlist;
import io.memberlist.member.DegradedMember;
import io.memberlist.member.MissingSeed;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import io.memberlist.spring.MockedMember;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Up while this member takes part in its cluster, alone or not; the detail {@code reason} says why the status is what it is. A
 * member that is alone serves as well as it can: where all others have failed, it is the last one there is. Only before it has met
 * others may it be out of service, where it is told so.
 *
 * <p>Out of service from when it begins to leave, so that nobody sends work any more while it stops. Down once it was shut
 * down, and while others know another process under its name, since they ignore this one: the detail {@code nameConflict} says
 * who has the name.
 *
 * <p>A degraded local health is a detail and no reason to be taken out of service: the member is slow to answer and gives others
 * more time, which is what the score is for. The same holds for members that this one can reach in one way only: the details
 * {@code tcpUnreachable} and {@code udpUnreachable} name them, and for members that fail and come back again and again, which
 * {@code flapping} names. Where others cannot reach this member at the address that it
 * advertises, the detail {@code addressProblem} says why and what to do. While it is alone, {@code seeds} says what was found
 * at each seed. With TLS, {@code certificateExpiresAt} says when this member's own certificate ends, and {@code certificateProblem}
 * stands there for the last 14 days.
 */
public class MemberlistHealthIndicator extends AbstractHealthIndicator {
    private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

    private final Memberlist memberlist;
    private final boolean outOfServiceUntilJoined;

    /**
     * @param memberlist the member to ask
     * @param outOfServiceUntilJoined whether a member is out of service until it has met others for the first time
     */
    public MemberlistHealthIndicator(Memberlist memberlist, boolean outOfServiceUntilJoined) {
        super("The member could not be asked");
        this.memberlist = memberlist;
        this.outOfServiceUntilJoined = outOfServiceUntilJoined;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (MockedMember.is(memberlist)) {
            builder.unknown().withDetail("reason", "the member is a mock");
            return;
        }
        int members = memberlist.numMembers();
        boolean left = memberlist.hasLeft();
        boolean running = memberlist.isRunning();
        boolean alone = running && !left && members <= 1;
        int healthScore = memberlist.healthScore();
        List<PartlyReachable> partlyReachable = memberlist.partlyReachable();
        List<DegradedMember> degraded = memberlist.degradedMembers();
        Optional<NameConflict> nameConflict = left ? Optional.empty() : memberlist.nameConflict();
        Optional<String> addressProblem = memberlist.addressProblem();
        List<MissingSeed> seeds = memberlist.missingSeeds();
        String reason;
        if (left) {
            // also where its network is closed by then
            builder.outOfService();
            reason = "this member has left the cluster";
        } else if (!running) {
            builder.down();
            reason = "this member is shut down";
        } else if (nameConflict.isPresent()) {
            builder.down();
            reason = "others ignore this member, since they know another process under its name";
        } else if (!alone) {
            builder.up();
            reason = "in a cluster of " + members + " members"
                    + (addressProblem.isEmpty() ? "" : " as this one sees it, but others cannot reach this one");
        } else if (memberlist.hasMetOthers()) {
            builder.up();
            reason = "alone: the other members have left or failed";
        } else {
            builder.status(outOfServiceUntilJoined ? Status.OUT_OF_SERVICE : Status.UP);
            reason = seeds.isEmpty() && !outOfServiceUntilJoined
                    ? "alone: there are no seeds (memberlist.join), so this member waits for others to join it"
                    : "alone: no other member was found yet";
        }
        builder.withDetail("reason", reason)
                .withDetail("name", memberlist.localMember().name())
                .withDetail("running", running)
                .withDetail("members", members)
                .withDetail("alone", alone)
                .withDetail("healthScore", healthScore)
                .withDetail("degraded", healthScore > 0 || !partlyReachable.isEmpty() || !degraded.isEmpty());
        addUnlessEmpty(builder, "tcpUnreachable", since(partlyReachable, Reachability.PACKETS_ONLY));
        addUnlessEmpty(builder, "udpUnreachable", since(partlyReachable, Reachability.STREAMS_ONLY));
        Map<String, Instant> flapping = new TreeMap<>();
        degraded.forEach(each -> flapping.put(each.member().name(), each.since()));
        addUnlessEmpty(builder, "flapping", flapping);
        nameConflict.ifPresent(conflict -> builder.withDetail("nameConflict", conflict.describe()));
        addressProblem.ifPresent(problem -> builder.withDetail("addressProblem", problem));
        addTransport(builder);
        if (alone) {
            addUnlessEmpty(builder, "seeds", found(seeds));
        }
    }

    private void addTransport(Health.Builder builder) {
        builder.withDetail("transport", memberlist.transport());
        memberlist.transportSecurity().ifPresent(security -> {
            if (!security.protocol().isEmpty()) {
                builder.withDetail("tls", security.protocol());
            }
            Instant end = security.certificateExpiresAt();
            if (end != null) {
                builder.withDetail("certificateExpiresAt", end);
                certificateProblem(end, Instant.now())
                        .ifPresent(problem -> builder.withDetail("certificateProblem", problem));
            }
        });
    }

    private static Optional<String> certificateProblem(Instant end, Instant now) {
        if (now.isAfter(end)) {
            return Optional.of("the certificate of this member ended at " + end + ": renew it, since others refuse it");
        }
        return now.plus(CERTIFICATE_WARNING).isAfter(end)
                ? Optional.of("the certificate of this member ends at " + end + ": renew it before others refuse it")
                : Optional.empty();
    }

    private static Map<String, String> found(List<MissingSeed> seeds) {
        Map<String, String> found = new LinkedHashMap<>();
        seeds.forEach(seed -> found.put(seed.seed(), seed.found()));
        return found;
    }

    private static void addUnlessEmpty(Health.Builder builder, String detail, Map<String, ?> values) {
        if (!values.isEmpty()) {
            builder.withDetail(detail, values);
        }
    }

    /** {@return since when each member can be reached in that way only, by name} */
    private static Map<String, Instant> since(List<PartlyReachable> all, Reachability reachability) {
        Map<String, Instant> since = new TreeMap<>();
        for (PartlyReachable partly : all) {
            if (partly.reachability() == reachability) {
                since.put(partly.member().name(), partly.since());
            }
        }
        return since;
    }
}
