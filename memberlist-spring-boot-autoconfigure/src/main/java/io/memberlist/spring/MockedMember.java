package io.memberlist.spring;

import io.memberlist.Memberlist;

/** Recognises members that a test has replaced by a mock, which answers null where a member never does. */
public final class MockedMember {
    private MockedMember() {}

    /** {@return whether nothing can be asked of this member} */
    public static boolean is(Memberlist memberlist) {
        return memberlist.config() == null || memberlist.localMember() == null;
    }
}
