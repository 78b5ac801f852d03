package io.memberlist.delegate;

import io.memberlist.member.Member;

/** May refuse a single member whenever it is heard of as alive. Asked on the protocol's thread: answer at once. */
@FunctionalInterface
public interface AliveDelegate {
    /**
     * @param member the member as the message describes it
     * @throws RuntimeException to ignore the message; its message is the reason that is logged
     */
    void verifyAlive(Member member);
}
