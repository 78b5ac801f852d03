package io.memberlist.messaging.broadcast;

import io.memberlist.member.Member;
import io.memberlist.messaging.repair.Peers;
import java.util.ArrayList;
import java.util.List;

/** Chooses who passes broadcasts on within the parts of a {@link Tree}: members that are known to do so. */
final class Relays {
    /** So many members of a part are asked whether they pass on; one of them will, unless few do. */
    private static final int STRANGERS = 4;

    private final Peers peers;

    Relays(Peers peers) {
        this.peers = peers;
    }

    /**
     * {@return parts of which one member at least is known to pass on what it gets} Where none is, each member is a part of its
     * own.
     */
    List<Tree.Part> reliable(List<Tree.Part> parts) {
        List<Tree.Part> reliable = new ArrayList<>();
        for (Tree.Part part : parts) {
            if (hasReliable(part)) {
                reliable.add(part);
            } else {
                part.members().forEach(member -> reliable.add(new Tree.Part(part.range(), List.of(member))));
            }
        }
        return reliable;
    }

    /** {@return some that were never asked, of each part in which nobody is known to pass on} */
    List<Member> strangers(List<Tree.Part> parts) {
        List<Member> strangers = new ArrayList<>();
        for (Tree.Part part : parts) {
            if (part.members().size() > 1 && !hasReliable(part)) {
                peers.mostReliableFirst(part.members(), member -> false).stream()
                        .filter(peers::isStranger)
                        .limit(STRANGERS)
                        .forEach(strangers::add);
            }
        }
        return strangers;
    }

    private boolean hasReliable(Tree.Part part) {
        return part.members().stream().anyMatch(peers::isReliable);
    }
}
