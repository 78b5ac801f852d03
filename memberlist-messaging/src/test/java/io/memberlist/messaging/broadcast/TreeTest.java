package io.memberlist.messaging.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.messaging.envelope.HashRange;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeTest {
    @Test
    void aTreeCoversEverybodyOnceAndTheWholeRangeButWhoDivides() {
        List<Member> members =
                IntStream.range(0, 500).mapToObj(i -> member("node-" + i)).toList();
        List<Tree.Part> parts = Tree.split(members, HashRange.ALL, 23, "divider");

        assertThat(parts).hasSizeBetween(23, 24);
        assertThat(parts.stream().flatMap(part -> part.members().stream()).toList())
                .containsExactlyInAnyOrderElementsOf(members);
        assertThat(parts)
                .allSatisfy(part -> assertThat(part.members())
                        .hasSizeLessThan(23)
                        .allMatch(member -> part.range().covers(member.name())));
        assertThat(parts.get(0).range().low()).isZero();
        assertThat(parts.get(parts.size() - 1).range().high()).isEqualTo(0xffffffffL);
        List<Long> uncovered = new ArrayList<>();
        for (int i = 1; i < parts.size(); i++) {
            long next = parts.get(i - 1).range().high() + 1;
            if (parts.get(i).range().low() != next) {
                assertThat(parts.get(i).range().low()).isEqualTo(next + 1);
                uncovered.add(next);
            }
        }
        assertThat(uncovered).containsExactly(HashRange.hash("divider"));
        assertThat(Tree.split(List.of(), HashRange.ALL, 4, "divider")).isEmpty();
    }

    @Test
    void whoDividesIsInNoPartOfTheTreeThoughItIsAtItsEdge() {
        List<Member> members = List.of(member("a"), member("b"), member("c"));
        List<Member> sorted = members.stream()
                .sorted(Comparator.comparingLong(member -> HashRange.hash(member.name())))
                .toList();
        for (Member divider : members) {
            List<Member> others =
                    sorted.stream().filter(member -> member != divider).toList();
            HashRange within = new HashRange(
                    HashRange.hash(sorted.get(0).name()),
                    HashRange.hash(sorted.get(2).name()));
            List<Tree.Part> parts = Tree.split(others, within, 1, divider.name());

            assertThat(parts.stream().flatMap(part -> part.members().stream()).toList())
                    .isEqualTo(others);
            assertThat(parts)
                    .allSatisfy(part ->
                            assertThat(part.range().covers(divider.name())).isFalse());
        }
    }

    private static Member member(String name) {
        return new Member(
                name,
                new InetSocketAddress("10.0.0.1", 7946),
                new byte[0],
                MemberState.ALIVE,
                1,
                new MemberVersions(1, 5, 2, 0, 0, 0),
                Instant.EPOCH);
    }
}
