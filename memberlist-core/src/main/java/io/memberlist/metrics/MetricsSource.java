package io.memberlist.metrics;

import io.memberlist.member.DegradedMember;
import io.memberlist.member.Member;
import io.memberlist.member.PartlyReachable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the meters of a member are read from. {@code Memberlist} is one; every method may be called from any
 * thread and answers without waiting.
 */
public interface MetricsSource {
    /** {@return every member known, with those that failed or left and are not forgotten yet} */
    List<Member> allMembers();

    /** {@return Lifeguard's local health score: 0 is healthy, higher is worse} */
    int healthScore();

    /** {@return live members that this one can reach by packets only, or by streams only; most often none} */
    List<PartlyReachable> partlyReachable();

    /** {@return members that fail and come back again and again; most often none} */
    List<DegradedMember> degradedMembers();

    /** {@return what was counted since the member was created} */
    MemberlistStatistics statistics();

    /** {@return when the first of this member's own TLS certificates ends; empty if it has none} */
    default Optional<Instant> certificateExpiresAt() {
        return Optional.empty();
    }

    /** {@return how many keys are installed; 0 without encryption} */
    default int installedKeys() {
        return 0;
    }

    /** {@return how many messages the primary key has encrypted here since it was installed; 0 without encryption} */
    default long encryptedMessages() {
        return 0;
    }

    /**
     * Adds a listener that is told, on the protocol's thread, what the member measures from now on.
     *
     * @param listener must return at once and must not block
     */
    void addMeasurementListener(MeasurementListener listener);
}
