package io.memberlist.spring.boot.health;

import io.memberlist.Memberlist;
import io.memberlist.member.NameConflict;
import io.memberlist.member.PartlyReachable;
import io.memberlist.member.Reachability;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while this member is in a cluster, out of service from when it begins to leave, down once it was shut down and where
 * it should not be alone and is. A degraded local health is a detail and no reason to be taken out of service: the member
 * is slow to answer and gives others more time, which is what the score is for. The same holds for members that this one can
 * reach in one way only: the details {@code tcpUnreachable} and {@code udpUnreachable} name them. Where others cannot reach this member at the
 * address that it advertises, the detail {@code addressProblem} says why and what to do.
 *
 * <p>Down as well while others know another process under the name of this member, since they ignore this one: the detail
 * {@code nameConflict} says who has the name.
 */
public class MemberlistHealthIndicator extends AbstractHealthIndicator {
    private final Memberlist memberlist;
    private final boolean aloneIsDown;

    /**
     * @param memberlist the member to ask
     * @param aloneIsDown whether a member that knows no other is down
     */
    public MemberlistHealthIndicator(Memberlist memberlist, boolean aloneIsDown) {
        super("The member could not be asked");
        this.memberlist = memberlist;
        this.aloneIsDown = aloneIsDown;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        int members = memberlist.numMembers();
        boolean left = memberlist.hasLeft();
        boolean running = memberlist.isRunning();
        int healthScore = memberlist.healthScore();
        List<PartlyReachable> partlyReachable = memberlist.partlyReachable();
        boolean alone = running && !left && members <= 1;
        Optional<NameConflict> nameConflict = left ? Optional.empty() : memberlist.nameConflict();
        if (left) {
            // also where its network is closed by then
            builder.outOfService();
        } else if (!running || alone && aloneIsDown || nameConflict.isPresent()) {
            builder.down();
        } else {
            builder.up();
        }
        builder.withDetail("name", memberlist.localMember().name())
                .withDetail("running", running)
                .withDetail("members", members)
                .withDetail("alone", alone)
                .withDetail("healthScore", healthScore)
                .withDetail("degraded", healthScore > 0 || !partlyReachable.isEmpty());
        unreachable(builder, "tcpUnreachable", since(partlyReachable, Reachability.PACKETS_ONLY));
        unreachable(builder, "udpUnreachable", since(partlyReachable, Reachability.STREAMS_ONLY));
        nameConflict.ifPresent(conflict -> builder.withDetail("nameConflict", conflict.describe()));
        memberlist.addressProblem().ifPresent(problem -> builder.withDetail("addressProblem", problem));
    }

    private static void unreachable(Health.Builder builder, String detail, Map<String, Instant> members) {
        if (!members.isEmpty()) {
            builder.withDetail(detail, members);
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
