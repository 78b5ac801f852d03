package io.memberlist.member;

/**
 * The cluster knows another process under the name of this member, so this one was not admitted. It asks again in the
 * background, and becomes a member by itself as soon as the name is free.
 */
public final class NameTakenException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final transient NameConflict conflict;

    /** @param conflict who has the name */
    public NameTakenException(NameConflict conflict) {
        super(conflict.describe());
        this.conflict = conflict;
    }

    /** {@return who has the name} */
    public NameConflict conflict() {
        return conflict;
    }
}
