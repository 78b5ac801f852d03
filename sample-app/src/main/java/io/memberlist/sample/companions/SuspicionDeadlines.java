package io.memberlist.sample.companions;

import io.memberlist.SimulatorAccess;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Until when suspected members can refute, as the application's own member knows it. No part of the API tells this, since
 * every further member that confirms a suspicion shortens it. Safe for use by multiple threads.
 */
@Component
public final class SuspicionDeadlines {
    /** A difference of less is the time between two readings of two clocks. */
    private static final Duration SAME = Duration.ofMillis(300);

    private final Companions companions;
    private final Map<String, Instant> deadlines = new ConcurrentHashMap<>();

    SuspicionDeadlines(Companions companions) {
        this.companions = companions;
    }

    /** {@return when the member is declared dead, null if it is not suspected, or if this is not known yet} */
    public @Nullable Instant of(Member member) {
        if (member.state() != MemberState.SUSPECT) {
            deadlines.remove(member.name());
            return null;
        }
        companions.main().endpoint().onLoop(() -> read(member.name()));
        return deadlines.get(member.name());
    }

    private void read(String suspect) {
        SimulatorAccess.suspicionNanosLeft(companions.main().memberlist(), suspect)
                .ifPresent(left -> deadlines.merge(suspect, Instant.now().plusNanos(left), SuspicionDeadlines::newer));
    }

    private static Instant newer(Instant old, Instant now) {
        return Duration.between(old, now).abs().compareTo(SAME) < 0 ? old : now;
    }
}
