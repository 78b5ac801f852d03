package io.memberlist.messaging.broadcast;

import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.repair.Peers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Divides members among those who pass a message on, by the hashes of their names. */
public final class Tree {
    /** So many members of a part are asked whether they pass on; one of them will, unless few do. */
    private static final int STRANGERS = 4;

    private Tree() {}

    /**
     * Members next to each other by hash.
     *
     * @param range all of the part, so that members that only the receiver knows are not left out
     */
    record Part(HashRange range, List<Member> members) {
        /** {@return whom the one who gets the message shall pass it on to} */
        HashRange toPassOn() {
            return members.size() == 1 ? HashRange.NONE : range;
        }

        boolean hasReliable(Peers peers) {
            return members.stream().anyMatch(peers::isReliable);
        }
    }

    /**
     * {@return parts of about the same size, none empty}
     *
     * @param within what they cover together, but for the divider's own place
     * @param count about so many
     * @param divider who divides, and has the message: in no part's range, or the one who gets it for that part might hand it
     *     back and rely on the divider to pass it on, who would take it for a duplicate
     */
    static List<Part> split(List<Member> members, HashRange within, int count, String divider) {
        List<Place> sorted = members.stream()
                .map(member -> new Place(HashRange.hash(member.name()), member))
                .sorted(Comparator.comparingLong(Place::hash)
                        .thenComparing(place -> place.member().name()))
                .toList();
        int parts = Math.min(count, sorted.size());
        List<Part> result = new ArrayList<>();
        long low = within.low();
        for (int i = 0; i < parts; i++) {
            int from = (int) ((long) sorted.size() * i / parts);
            int to = (int) ((long) sorted.size() * (i + 1) / parts);
            long high = i + 1 < parts
                    ? Math.max(sorted.get(to - 1).hash(), sorted.get(to).hash() - 1)
                    : within.high();
            add(result, new HashRange(low, high), sorted.subList(from, to), HashRange.hash(divider));
            low = Math.min(high + 1, within.high());
        }
        return result;
    }

    /**
     * {@return parts of which one member at least is known to pass on what it gets} Where none is, each member is a part of its
     * own.
     */
    static List<Part> reliable(List<Part> parts, Peers peers) {
        return parts.stream()
                .flatMap(part -> part.hasReliable(peers)
                        ? Stream.of(part)
                        : part.members().stream().map(member -> new Part(part.range(), List.of(member))))
                .toList();
    }

    /** {@return some that were never asked, of each part in which nobody is known to pass on} */
    static List<Member> strangers(List<Part> parts, Peers peers) {
        return parts.stream()
                .filter(part -> part.members().size() > 1 && !part.hasReliable(peers))
                .flatMap(part -> peers.mostReliableFirst(part.members(), member -> false).stream()
                        .filter(peers::isStranger)
                        .limit(STRANGERS))
                .toList();
    }

    /** A member where its name puts it. */
    private record Place(long hash, Member member) {}

    private static void add(List<Part> parts, HashRange range, List<Place> places, long leftOut) {
        if (leftOut < range.low() || leftOut > range.high()) {
            parts.add(new Part(range, places.stream().map(Place::member).toList()));
            return;
        }
        List<Member> below = new ArrayList<>();
        List<Member> above = new ArrayList<>();
        for (Place place : places) {
            if (place.hash() == leftOut) {
                parts.add(new Part(HashRange.NONE, List.of(place.member())));
            } else {
                (place.hash() < leftOut ? below : above).add(place.member());
            }
        }
        if (!below.isEmpty()) {
            parts.add(new Part(new HashRange(range.low(), leftOut - 1), below));
        }
        if (!above.isEmpty()) {
            parts.add(new Part(new HashRange(leftOut + 1, range.high()), above));
        }
    }
}
