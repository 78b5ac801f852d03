package io.memberlist.delegate;

import io.memberlist.member.Member;
import java.util.List;

/** May refuse to merge with another cluster when either joins. Asked on the protocol's thread: answer at once. */
@FunctionalInterface
public interface MergeDelegate {
    /**
     * @param members the other side's members
     * @throws RuntimeException to refuse the merge; its message is the reason that is logged
     */
    void verifyMerge(List<Member> members);
}
