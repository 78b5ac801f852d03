package io.memberlist.delegate;

import io.memberlist.member.Member;
import java.util.List;

/**
 * Decides whether two clusters may merge, when a member of one joins the other. Called on the protocol's thread, so it must
 * return at once and must not block.
 */
@FunctionalInterface
public interface MergeDelegate {
    /**
     * @param members the other side's members
     * @throws RuntimeException to refuse the merge; its message is the reason that is logged
     */
    void verifyMerge(List<Member> members);
}
