package io.memberlist.swim;

import io.memberlist.logging.LogText;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.wire.Message.PushPullNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Protocol and delegate versions, and whether members can understand each other. */
final class Versions {
    private static final int BYTES = 6;
    private static final int ALIVE = MemberState.ALIVE.ordinal();

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
        List<Speaker> all = new ArrayList<>(local.size() + remote.size());
        for (PushPullNode node : remote) {
            boolean counts = node.state() == ALIVE && node.versions().length >= BYTES;
            all.add(new Speaker(node.name(), counts, of(node.versions())));
        }
        for (Member member : local) {
            all.add(new Speaker(member.name(), member.state() == MemberState.ALIVE, member.versions()));
        }
        Range protocol = new Range();
        Range delegate = new Range();
        for (Speaker speaker : all) {
            if (speaker.counts) {
                protocol.narrow(speaker.versions.protocolMin(), speaker.versions.protocolMax());
                delegate.narrow(speaker.versions.delegateMin(), speaker.versions.delegateMax());
            }
        }
        return all.stream()
                .map(speaker -> problem(speaker, protocol, delegate))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String problem(Speaker speaker, Range protocol, Range delegate) {
        int speaks = speaker.versions.protocolCurrent();
        int delegateSpeaks = speaker.versions.delegateCurrent();
        String node = "Node '" + LogText.printable(speaker.name);
        if (!protocol.contains(speaks)) {
            return node + "' protocol version (" + speaks + ") is incompatible: " + protocol;
        }
        if (!delegate.contains(delegateSpeaks)) {
            return node + "' delegate protocol version (" + delegateSpeaks + ") is incompatible: " + delegate;
        }
        return null;
    }

    /**
     * A member of either side.
     *
     * @param counts whether it is alive, so that all must understand it
     */
    private record Speaker(String name, boolean counts, MemberVersions versions) {}

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
