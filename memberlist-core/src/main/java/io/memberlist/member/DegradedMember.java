package io.memberlist.member;

import java.time.Instant;

/**
 * A member that fails and comes back again and again, as behind a bad link. Its {@linkplain Member#state() state} is the true one
 * of this moment, but no event tells of each change. Immutable.
 *
 * @param member the member
 * @param since when it was found to be degraded, according to this machine's clock
 */
public record DegradedMember(Member member, Instant since) {}
