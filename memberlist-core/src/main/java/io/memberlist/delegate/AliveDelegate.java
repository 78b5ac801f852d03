package io.memberlist.delegate;

import io.memberlist.member.Member;

/**
 * Decides whether a member is accepted, whenever a message says that it is alive and that is not known already. Called on the
 * protocol's thread, so it must return at once and must not block.
 */
@FunctionalInterface
public interface AliveDelegate {
    /**
     * @param member the member as the message describes it
     * @throws RuntimeException to ignore the message; its message is the reason that is logged
     */
    void verifyAlive(Member member);
}
