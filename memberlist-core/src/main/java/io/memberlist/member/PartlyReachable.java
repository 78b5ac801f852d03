package io.memberlist.member;

import java.time.Instant;

/**
 * A live member that the local one can reach in one of the two ways only. Immutable.
 *
 * @param member the member
 * @param reachability the way that works; never {@link Reachability#FULL}
 * @param since when that was found out, according to this machine's clock
 */
public record PartlyReachable(Member member, Reachability reachability, Instant since) {}
