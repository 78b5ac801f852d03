package io.memberlist.spring.boot.actuate;

import io.memberlist.member.DegradedMember;
import java.time.Instant;

/**
 * A member that fails and comes back again and again, as it is written as JSON.
 *
 * @param name its name
 * @param since when it was found to be degraded, according to this machine's clock
 */
public record DegradedMemberDescriptor(String name, Instant since) {
    static DegradedMemberDescriptor of(DegradedMember degraded) {
        return new DegradedMemberDescriptor(degraded.member().name(), degraded.since());
    }
}
