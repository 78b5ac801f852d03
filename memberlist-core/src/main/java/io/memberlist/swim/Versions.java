package io.memberlist.swim;

import io.memberlist.member.Member;
import io.memberlist.member.MemberVersions;
import io.memberlist.wire.Message.PushPullNode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Protocol and delegate versions, and whether members can understand each other. */
final class Versions {
    private static final int BYTES = 6;
    private static final int ALIVE = 0;

    private Versions() {}

    /** {@return the versions the bytes stand for; zeros where there are too few of them} */
    static MemberVersions of(byte[] versions) {
        if (versions.length < BYTES) {
            return new MemberVersions(0, 0, 0, 0, 0, 0);
        }
        return new MemberVersions(
                versions[0] & 0xff,
                versions[1] & 0xff,
                versions[2] & 0xff,
                versions[3] & 0xff,
                versions[4] & 0xff,
                versions[5] & 0xff);
    }

    /** {@return whether an alive message's protocol range makes sense; one that says nothing passes} */
    static boolean plausible(byte[] versions) {
        if (versions.length < 3) {
            return true;
        }
        int min = versions[0] & 0xff;
        int max = versions[1] & 0xff;
        return min > 0 && max > 0 && min <= max;
    }

    /**
     * Checks that every member on both sides speaks versions that all live members of both sides understand, as the Go
     * library does before it merges.
     *
     * @return the problem, as the Go library words it, or null if there is none
     */
    static @Nullable String incompatibility(Collection<Member> local, List<PushPullNode> remote) {
        Range protocol = new Range();
        Range delegate = new Range();
        for (PushPullNode node : remote) {
            if (node.state() == ALIVE && node.versions().length >= BYTES) {
                MemberVersions v = of(node.versions());
                protocol.narrow(v.protocolMin(), v.protocolMax());
                delegate.narrow(v.delegateMin(), v.delegateMax());
            }
        }
        for (Member member : local) {
            if (member.state().ordinal() == ALIVE) {
                MemberVersions v = member.versions();
                protocol.narrow(v.protocolMin(), v.protocolMax());
                delegate.narrow(v.delegateMin(), v.delegateMax());
            }
        }
        for (PushPullNode node : remote) {
            String problem = check(node.name(), of(node.versions()), protocol, delegate);
            if (problem != null) {
                return problem;
            }
        }
        for (Member member : local) {
            String problem = check(member.name(), member.versions(), protocol, delegate);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String check(String name, MemberVersions v, Range protocol, Range delegate) {
        if (!protocol.contains(v.protocolCurrent())) {
            return "Node '" + ThrottledLog.printable(name) + "' protocol version (" + v.protocolCurrent()
                    + ") is incompatible: " + protocol;
        }
        if (!delegate.contains(v.delegateCurrent())) {
            return "Node '" + ThrottledLog.printable(name) + "' delegate protocol version (" + v.delegateCurrent()
                    + ") is incompatible: " + delegate;
        }
        return null;
    }

    /** The versions that all live members understand. */
    private static final class Range {
        private int min = 0;
        private int max = 255;

        void narrow(int from, int to) {
            min = Math.max(min, from);
            max = Math.min(max, to);
        }

        boolean contains(int version) {
            return version >= min && version <= max;
        }

        @Override
        public String toString() {
            return "[" + min + ", " + max + "]";
        }
    }
}
