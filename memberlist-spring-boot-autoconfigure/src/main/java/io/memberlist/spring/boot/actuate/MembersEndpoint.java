package io.memberlist.spring.boot.actuate;

import io.memberlist.Member;
import io.memberlist.Memberlist;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** Shows the cluster as this member knows it. */
@Endpoint(id = "members")
public class MembersEndpoint {
    private final Memberlist memberlist;

    /** @param memberlist whose view is shown */
    public MembersEndpoint(Memberlist memberlist) {
        this.memberlist = memberlist;
    }

    /** {@return this member and every member known, ordered by name} */
    @ReadOperation
    public MembersDescriptor members() {
        List<MemberDescriptor> members = memberlist.allMembers().stream()
                .sorted(Comparator.comparing(Member::name))
                .map(MemberDescriptor::of)
                .toList();
        return new MembersDescriptor(
                MemberDescriptor.of(memberlist.localMember()),
                memberlist.hasLeft(),
                memberlist.healthScore(),
                memberlist.numMembers(),
                members);
    }

    /**
     * @param name a member's name
     * @return the member, in whatever state; null, which is a 404 over HTTP, if it is not known
     */
    @ReadOperation
    public @Nullable MemberDescriptor member(@Selector String name) {
        return memberlist.member(name).map(MemberDescriptor::of).orElse(null);
    }

    /**
     * The cluster.
     *
     * @param local this member
     * @param left whether this member has left the cluster
     * @param healthScore 0 is healthy, higher is worse
     * @param live how many members are alive or suspected
     * @param members all members known, with those that failed or left and are not forgotten yet
     */
    public record MembersDescriptor(
            MemberDescriptor local, boolean left, int healthScore, int live, List<MemberDescriptor> members)
            implements OperationResponseBody {}
}
