package io.memberlist.delegate;

import io.memberlist.member.Member;

/** Hears of a second member that claims a name already taken. Called off the protocol's thread. */
@FunctionalInterface
public interface ConflictDelegate {
    /**
     * @param existing the member known under the name, which stays
     * @param other the claimant from another address, which is ignored
     */
    void nameConflict(Member existing, Member other);
}
