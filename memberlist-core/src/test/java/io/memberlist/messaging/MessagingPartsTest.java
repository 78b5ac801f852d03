package io.memberlist.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The small parts that hold numbers and divide members, against simple models. */
class MessagingPartsTest {
    @Test
    void aWindowKnowsWhatItSaw() {
        Random random = new Random(3);
        IdWindow window = new IdWindow(1);
        Set<Long> seen = new HashSet<>();
        List<Long> numbers = new ArrayList<>(
                LongStream.rangeClosed(1, 5000).filter(n -> n % 97 != 0).boxed().toList());
        for (int from = 0; from < numbers.size(); from += 200) {
            Collections.shuffle(numbers.subList(from, Math.min(from + 200, numbers.size())), random);
        }
        for (long number : numbers) {
            assertThat(window.add(number)).isEqualTo(seen.add(number));
            assertThat(window.add(number)).isFalse();
        }
        for (long number = 1; number <= 5000; number++) {
            assertThat(window.seen(number)).as("%d", number).isEqualTo(seen.contains(number));
        }
        assertThat(window.gapBelow(97)).isFalse();
        assertThat(window.gapBelow(98)).isTrue();
        assertThat(window.missing(0, 3)).containsExactly(97L, 194L, 291L);
        assertThat(window.missing(194, 1)).containsExactly(291L);
        assertThat(window.floor()).isEqualTo(64);
        assertThat(window.highest()).isEqualTo(5000);

        window.settle();
        window.add(5010);
        window.settle();

        assertThat(window.seen(97)).isTrue();
        assertThat(window.missing(0, 20))
                .containsExactlyElementsOf(LongStream.range(5001, 5010).boxed().toList());
    }

    @Test
    void aWindowMovesOnWhenItHasTo() {
        IdWindow window = new IdWindow(1);
        assertThat(window.add(1)).isTrue();
        assertThat(window.add(1L << 40)).isTrue();
        assertThat(window.add(2)).isFalse();
        assertThat(window.add((1L << 40) - 1)).isTrue();
        assertThat(window.add(Long.MAX_VALUE)).isTrue();
        assertThat(window.add(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aWindowMetLateLooksBackSoFar() {
        IdWindow window = new IdWindow(10_000);
        assertThat(window.add(10_000)).isTrue();
        assertThat(window.add(10_000 - IdWindow.FIRST_LOOK_BACK)).isTrue();
        assertThat(window.add(10_000 - IdWindow.FIRST_LOOK_BACK - 1)).isFalse();
    }

    @Test
    void numbersBecomeRuns() {
        Random random = new Random(4);
        NumberSet numbers = new NumberSet();
        Set<Long> model = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            long number = random.nextInt(200) + 1;
            if (random.nextBoolean()) {
                numbers.add(number);
                model.add(number);
            } else {
                numbers.remove(number);
                model.remove(number);
            }
        }
        List<Long> all = numbers.earliest(1000).stream()
                .flatMap(run -> LongStream.rangeClosed(run.from(), run.to()).boxed())
                .toList();
        assertThat(all).containsExactlyElementsOf(model.stream().sorted().toList());
    }

    @Test
    void theStoreMakesRoomByAgeNotByArrival() {
        VirtualTime time = new VirtualTime();
        Store store = new Store(new VirtualEventLoop(time, 1), 3 * 500, 1_000_000_000L);
        Origin origin = new Origin("o", 1);
        store.add(envelope(origin, 1), 300);
        store.add(envelope(origin, 2), 100);
        store.add(envelope(origin, 3), 200);
        assertThat(store.size()).isEqualTo(3);
        store.add(envelope(origin, 4), 400);

        assertThat(store.size()).isEqualTo(3);
        assertThat(store.get(origin, 2)).isNull();
        assertThat(store.get(origin, 1)).isNotNull();
        time.run(Duration.ofNanos(1_000_000_350L));
        store.sweep();
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.get(origin, 4)).isNotNull();
        assertThat(store.inventory(9, 99))
                .containsExactly(new Inventory.Entry(origin, List.of(new NumberSet.Run(4, 4))));
    }

    @Test
    void theInventoryHoldsAllThatThereIs() {
        Store store = new Store(new VirtualEventLoop(new VirtualTime(), 1), 1 << 20, 1_000_000_000L);
        Origin origin = new Origin("o", 1);
        for (int number = 1; number <= 10; number += 2) {
            store.add(envelope(origin, number), 0);
        }
        assertThat(store.inventory(2, 99))
                .extracting(entry -> entry.runs().size())
                .containsExactly(2, 2, 1);
        assertThat(store.inventory(2, 99))
                .flatExtracting(Inventory.Entry::runs)
                .extracting(NumberSet.Run::from)
                .containsExactly(1L, 3L, 5L, 7L, 9L);
    }

    private static Envelope envelope(Origin origin, long number) {
        byte[] message = EnvelopeFormat.message(EnvelopeFormat.BROADCAST, origin, 0, "t", Map.of(), new byte[250]);
        EnvelopeFormat.numbered(message, 0, number, number);
        return Broadcasts.readOwn(message);
    }

    @Test
    void theInventoryOfMuchIsAnotherPartOfItEachTime() {
        Store store = new Store(new VirtualEventLoop(new VirtualTime(), 1), 1 << 24, 1_000_000_000L);
        for (int origin = 0; origin < 3; origin++) {
            for (int number = 1; number <= 1000; number += 2) {
                store.add(envelope(new Origin("o" + origin, 1), number), 0);
            }
        }
        Set<String> told = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<Inventory.Entry> entries = store.inventory(16, 10);
            assertThat(entries)
                    .hasSize(10)
                    .allSatisfy(entry -> assertThat(entry.runs())
                            .hasSize(16)
                            .isSortedAccordingTo(Comparator.comparingLong(NumberSet.Run::from)));
            entries.forEach(
                    entry -> entry.runs().forEach(run -> told.add(entry.origin().name() + "/" + run.from())));
        }
        assertThat(told).hasSize(1500);
    }

    @Test
    void whatIsMissingNextIsFoundAcrossWindows() {
        Origins origins = new Origins(() -> 10, 1_000_000_000L, name -> true);
        Origin origin = new Origin("o", 1);
        Random random = new Random(5);
        Set<Long> seen = new HashSet<>();
        long far = 3L * IdWindow.SPAN;
        for (long base : new long[] {1, far, Long.MAX_VALUE - 500}) {
            for (int i = 0; i < 2000; i++) {
                long number = base + random.nextInt(500);
                origins.met(origin, 0).window(number).add(number);
                seen.add(number);
            }
        }
        for (long from : new long[] {1, 2, 100, 499, far, far + 250, far + 498}) {
            long expected = from;
            while (seen.contains(expected)) {
                expected++;
            }
            assertThat(origins.nextMissing(origin, from)).as("%d", from).isEqualTo(expected);
        }
        assertThat(origins.nextMissing(new Origin("unknown", 1), 7)).isEqualTo(7);
        assertThat(origins.nextMissing(origin, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

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

    @Test
    void aBudgetAllowsItsRateAndALittleAtOnce() {
        long second = 1_000_000_000L;
        PacketBudget budget = new PacketBudget(1000, 0);
        assertThat(budget.available(0)).isEqualTo(100);
        budget.spend(0, 100);
        assertThat(budget.available(0)).isZero();
        assertThat(budget.nanosUntil(0, 1)).isEqualTo(second / 1000);
        int sent = 0;
        for (long now = 0; now < second; now += second / 1000) {
            int some = budget.available(now);
            budget.spend(now, some);
            sent += some;
        }
        assertThat(sent).isBetween(998, 1000);
        assertThat(budget.available(100 * second)).isEqualTo(100);
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
