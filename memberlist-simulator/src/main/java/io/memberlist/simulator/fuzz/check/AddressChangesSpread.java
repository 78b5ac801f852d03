package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import java.time.Duration;

/**
 * Where the host of a member gets another address and nothing else happens, all processes see the member there soon, its own
 * process included.
 */
public final class AddressChangesSpread implements Checker {
    /** The engine looks every two seconds, and believes the second look that misses the address. */
    private static final Duration NOTICED = Duration.ofSeconds(4);

    /** The engine lets some rounds of gossip pass between two of its three announcements. */
    private static final int ROUNDS_OF_GOSSIP = 5;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Duration bound;

    public AddressChangesSpread(MemberlistConfig config) {
        Duration rounds = config.gossip().interval().multipliedBy(ROUNDS_OF_GOSSIP);
        Duration pause = rounds.compareTo(SHORTEST_PAUSE) > 0 ? rounds : SHORTEST_PAUSE;
        this.bound = NOTICED.plus(pause.multipliedBy(2)).plus(SLACK);
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.AddressSpreads one && one.since().compareTo(bound) > 0) {
            one.seenAt().forEach((observer, seen) -> {
                if (!seen.equals(one.address())) {
                    report.violated(observer + " still sees " + one.node() + " at " + TraceText.place(seen) + ", "
                            + one.since() + " after its host has moved to " + TraceText.place(one.address()));
                }
            });
        }
    }
}
