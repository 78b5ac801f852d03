package io.memberlist.spring.boot.health;

import io.memberlist.Memberlist;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while this member is in a cluster, out of service from when it begins to leave, down once it was shut down and where
 * it should not be alone and is. A degraded local health is a detail and no reason to be taken out of service: the member
 * is slow to answer and gives others more time, which is what the score is for. Where others cannot reach this member at the
 * address that it advertises, the detail {@code addressProblem} says why and what to do.
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
        boolean alone = running && !left && members <= 1;
        if (left) {
            // also where its network is closed by then
            builder.outOfService();
        } else if (!running || alone && aloneIsDown) {
            builder.down();
        } else {
            builder.up();
        }
        builder.withDetail("name", memberlist.localMember().name())
                .withDetail("running", running)
                .withDetail("members", members)
                .withDetail("alone", alone)
                .withDetail("healthScore", healthScore)
                .withDetail("degraded", healthScore > 0);
        memberlist.addressProblem().ifPresent(problem -> builder.withDetail("addressProblem", problem));
    }
}
