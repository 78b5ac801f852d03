package io.memberlist.swim;

import io.memberlist.logging.LogText;
import io.memberlist.member.Member;
import io.memberlist.member.MemberVersions;
import org.jspecify.annotations.Nullable;

/** Protocol and delegate versions, and whether members can understand each other. */
final class Versions {
    private static final int BYTES = 6;

    /** Nearly all members have the same, which are kept once. */
    private static volatile MemberVersions recent = new MemberVersions(0, 0, 0, 0, 0, 0);

    private Versions() {}

    /** {@return the versions the bytes stand for; zeros where there are too few of them} */
    static MemberVersions of(byte[] versions) {
        MemberVersions made = versions.length < BYTES
                ? new MemberVersions(0, 0, 0, 0, 0, 0)
                : new MemberVersions(
                        versions[0] & 0xff,
                        versions[1] & 0xff,
                        versions[2] & 0xff,
                        versions[3] & 0xff,
                        versions[4] & 0xff,
                        versions[5] & 0xff);
        MemberVersions known = recent;
        if (made.equals(known)) {
            return known;
        }
        recent = made;
        return made;
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
     * {@return why a member and this one do not understand each other, as the Go library words it, or null if they do} Each must
     * speak what both understand. The Go library demands that of all members on both sides of a push/pull at once, so that one
     * forged member keeps a whole cluster from exchanging state.
     *
     * @param theirs the versions of the member; none say nothing, and are understood
     */
    static @Nullable String incompatibility(Member local, String name, byte[] theirs) {
        if (theirs.length == 0) {
            return null;
        }
        MemberVersions mine = local.versions();
        // Too few bytes stand for version zero, and for no range.
        MemberVersions other = theirs.length >= BYTES
                ? of(theirs)
                : new MemberVersions(
                        mine.protocolMin(), mine.protocolMax(), 0, mine.delegateMin(), mine.delegateMax(), 0);
        Range protocol = new Range(
                Math.max(mine.protocolMin(), other.protocolMin()), Math.min(mine.protocolMax(), other.protocolMax()));
        Range delegate = new Range(
                Math.max(mine.delegateMin(), other.delegateMin()), Math.min(mine.delegateMax(), other.delegateMax()));
        if (!protocol.contains(other.protocolCurrent())) {
            return protocol.excludes(name, "protocol", other.protocolCurrent());
        } else if (!protocol.contains(mine.protocolCurrent())) {
            return protocol.excludes(local.name(), "protocol", mine.protocolCurrent());
        } else if (!delegate.contains(other.delegateCurrent())) {
            return delegate.excludes(name, "delegate protocol", other.delegateCurrent());
        } else if (!delegate.contains(mine.delegateCurrent())) {
            return delegate.excludes(local.name(), "delegate protocol", mine.delegateCurrent());
        }
        return null;
    }

    /** The versions that both understand. */
    private record Range(int min, int max) {
        boolean contains(int version) {
            return version >= min && version <= max;
        }

        String excludes(String name, String what, int version) {
            return "Node '" + LogText.printable(name) + "' " + what + " version (" + version + ") is incompatible: ["
                    + min + ", " + max + "]";
        }
    }
}
