package io.memberlist.delegate;

import io.memberlist.member.Member;

/**
 * Is notified when a second member claims a name that is already taken. Called off the protocol's thread, in order with the
 * other callbacks. Others can cause any number of conflicts, so they are dropped and counted where too many wait.
 */
@FunctionalInterface
public interface ConflictDelegate {
    /**
     * @param existing the member known under the name, which stays
     * @param other the claimant from another address, which is ignored
     */
    void nameConflict(Member existing, Member other);
}
