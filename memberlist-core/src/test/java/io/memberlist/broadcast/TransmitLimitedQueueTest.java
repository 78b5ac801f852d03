package io.memberlist.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransmitLimitedQueueTest {
    private static final int NO_LIMIT = 1 << 20;

    private final AtomicInteger allowed = new AtomicInteger(3);
    private final TransmitLimitedQueue queue = new TransmitLimitedQueue(allowed::get);

    @Test
    void anEmptyQueueHasNothing() {
        assertThat(queue.take(2, NO_LIMIT)).isEmpty();
        assertThat(queue.size()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.snapshot()).isEmpty();
    }

    @Test
    void whatWasSentLeastGoesFirst() {
        Counted old = unique(10);
        queue.queue(old);
        queue.take(0, NO_LIMIT);
        Counted fresh = unique(5);
        queue.queue(fresh);

        assertThat(queue.take(0, 10)).containsExactly(fresh.message);
        assertThat(queue.snapshot()).containsExactly(old, fresh);
    }

    @Test
    void ofEqualTransmissionsTheLargestThatFitsGoesFirst() {
        Counted small = unique(3);
        Counted large = unique(30);
        Counted middle = unique(10);
        queue.queue(small);
        queue.queue(large);
        queue.queue(middle);

        assertThat(queue.snapshot()).containsExactly(large, middle, small);
        assertThat(queue.take(0, 29)).containsExactly(middle.message, small.message);
    }

    @Test
    void ofEqualSizesTheNewestGoesFirst() {
        Counted first = unique(4);
        Counted second = unique(4);
        queue.queue(first);
        queue.queue(second);

        assertThat(queue.take(0, 4)).containsExactly(second.message);
        assertThat(queue.take(0, 4)).containsExactly(first.message);
    }

    @Test
    void laterTiersFillTheSpaceEarlierOnesLeave() {
        Counted twice = unique(5);
        queue.queue(twice);
        queue.take(0, NO_LIMIT);
        queue.take(0, NO_LIMIT);
        Counted once = unique(8);
        queue.queue(once);
        queue.take(0, 8);
        Counted fresh = unique(20);
        queue.queue(fresh);

        assertThat(queue.take(0, 19)).containsExactly(once.message, twice.message);
        assertThat(fresh.transmitted()).isFalse();
    }

    @Test
    void aTierWhoseLargestIsTooLargeIsSearchedForASmallerOne() {
        Counted large = unique(50);
        Counted small = unique(5);
        queue.queue(large);
        queue.queue(small);
        queue.take(0, NO_LIMIT);
        Counted fresh = unique(60);
        queue.queue(fresh);

        assertThat(queue.take(0, 40)).containsExactly(small.message);
    }

    @Test
    void everyMessageCostsTheOverhead() {
        for (int i = 0; i < 5; i++) {
            queue.queue(unique(8));
        }

        assertThat(queue.take(2, 29)).hasSize(2);
        assertThat(queue.take(2, 30)).hasSize(3);
    }

    @Test
    void nothingFitsWhereThereIsOnlyRoomForTheOverhead() {
        queue.queue(unique(1));

        assertThat(queue.take(2, 2)).isEmpty();
        assertThat(queue.take(2, 0)).isEmpty();
        assertThat(queue.take(2, -100)).isEmpty();
        assertThat(queue.take(2, 3)).hasSize(1);
    }

    @Test
    void oneMessageIsHandedOutOnceInATake() {
        queue.queue(unique(1));

        assertThat(queue.take(0, NO_LIMIT)).hasSize(1);
    }

    @Test
    void isFinishedOnceAfterTheLastTransmission() {
        Counted broadcast = unique(4);
        queue.queue(broadcast);
        queue.take(0, NO_LIMIT);
        queue.take(0, NO_LIMIT);
        assertThat(broadcast.finished).isZero();
        assertThat(queue.bytes()).isEqualTo(4);

        assertThat(queue.take(0, NO_LIMIT)).hasSize(1);
        assertThat(broadcast.finished).isEqualTo(1);
        assertThat(queue.size()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.take(0, NO_LIMIT)).isEmpty();
        assertThat(broadcast.finished).isEqualTo(1);
    }

    @Test
    void aLimitThatFellIsRespectedAtTheNextTake() {
        Counted broadcast = unique(4);
        queue.queue(broadcast);
        queue.take(0, NO_LIMIT);
        allowed.set(0);

        assertThat(queue.take(0, NO_LIMIT)).hasSize(1);
        assertThat(broadcast.finished).isEqualTo(1);
    }

    @Test
    void aNamedBroadcastReplacesTheOneOfItsName() {
        Named first = new Named("a", 4);
        Named other = new Named("b", 4);
        Named second = new Named("a", 9);
        queue.queue(first);
        queue.queue(other);
        queue.queue(second);

        assertThat(first.finished).isEqualTo(1);
        assertThat(other.finished).isZero();
        assertThat(queue.snapshot()).containsExactly(second, other);
        assertThat(queue.bytes()).isEqualTo(13);
    }

    @Test
    void aNamedBroadcastReplacesOneThatWasSentBefore() {
        Named first = new Named("a", 4);
        queue.queue(first);
        queue.take(0, NO_LIMIT);
        Named second = new Named("a", 4);
        queue.queue(second);

        assertThat(first.finished).isEqualTo(1);
        assertThat(queue.snapshot()).containsExactly(second);
    }

    @Test
    void aNameIsFreeAgainOnceItsBroadcastIsFinished() {
        allowed.set(1);
        Named first = new Named("a", 4);
        queue.queue(first);
        queue.take(0, NO_LIMIT);
        Named second = new Named("a", 4);
        queue.queue(second);

        assertThat(first.finished).isEqualTo(1);
        assertThat(second.finished).isZero();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void aPlainBroadcastFinishesEveryOneItInvalidates() {
        Plain first = new Plain(4, "x");
        Plain second = new Plain(5, "x");
        Plain other = new Plain(6, "y");
        queue.queue(first);
        first.group = "z";
        queue.queue(second);
        first.group = "x";
        queue.queue(other);
        assertThat(queue.size()).isEqualTo(3);

        Plain last = new Plain(7, "x");
        queue.queue(last);

        assertThat(first.finished).isEqualTo(1);
        assertThat(second.finished).isEqualTo(1);
        assertThat(other.finished).isZero();
        assertThat(queue.snapshot()).containsExactly(last, other);
    }

    @Test
    void namedAndUniqueBroadcastsAreNotComparedWithPlainOnes() {
        Named named = new Named("a", 4);
        Counted unique = unique(4);
        queue.queue(named);
        queue.queue(unique);
        queue.queue(new Plain(4, "x") {
            @Override
            public boolean invalidates(Broadcast waiting) {
                return true;
            }
        });
        queue.queue(unique(4));
        queue.queue(new Named("b", 4));

        assertThat(queue.size()).isEqualTo(5);
        assertThat(named.finished).isZero();
        assertThat(unique.finished).isZero();
    }

    @Test
    void pruningDropsWhatWasSentMostOften() {
        Counted sent = unique(50);
        queue.queue(sent);
        queue.take(0, NO_LIMIT);
        Counted small = unique(1);
        Counted large = unique(9);
        queue.queue(small);
        queue.queue(large);

        queue.prune(3);
        assertThat(queue.size()).isEqualTo(3);
        queue.prune(2);
        assertThat(sent.finished).isEqualTo(1);
        queue.prune(1);
        assertThat(small.finished).isEqualTo(1);
        assertThat(queue.snapshot()).containsExactly(large);
        assertThat(queue.bytes()).isEqualTo(9);
    }

    @Test
    void hasRoomWhileWhatMakesRoomWasSentBefore() {
        TransmitLimitedQueue two = new TransmitLimitedQueue(() -> 3);
        assertThat(two.hasRoom(2)).isTrue();
        two.queue(unique(10));
        two.queue(unique(10));
        assertThat(two.hasRoom(2)).isFalse();
        assertThat(two.hasRoom(3)).isTrue();
        two.take(0, 10);
        assertThat(two.hasRoom(2)).isTrue();
    }

    @Test
    void clearingFinishesEverythingOnce() {
        List<Counted> all = List.of(unique(1), new Named("a", 2), new Plain(3, "x"));
        all.forEach(queue::queue);
        queue.clear();
        queue.clear();

        assertThat(all).allSatisfy(broadcast -> assertThat(broadcast.finished).isEqualTo(1));
        assertThat(queue.size()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void finishedMayQueueAgain() {
        allowed.set(1);
        Counted next = unique(3);
        queue.queue(requeueing(new Named("a", 4), next));

        assertThat(queue.take(0, NO_LIMIT)).hasSize(1);
        assertThat(queue.snapshot()).containsExactly(next);
    }

    @Test
    void finishedMayQueueAgainWhileItIsReplacedOrDropped() {
        Named third = new Named("a", 3);
        queue.queue(requeueing(new Named("a", 1), third));
        Named second = new Named("a", 2);
        queue.queue(second);
        assertThat(second.finished).isEqualTo(1);
        assertThat(queue.snapshot()).containsExactly(third);

        Counted late = unique(7);
        queue.queue(requeueing(unique(2), late));
        queue.clear();
        assertThat(third.finished).isEqualTo(1);
        assertThat(queue.snapshot()).containsExactly(late);
        assertThat(queue.bytes()).isEqualTo(7);
    }

    @Test
    void whatASnapshotShowsIsNotChangedAfterwards() {
        Counted broadcast = unique(1);
        queue.queue(broadcast);
        List<Broadcast> snapshot = queue.snapshot();
        queue.clear();

        assertThat(snapshot).containsExactly(broadcast);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesWhatASimpleListWouldDo(long seed) {
        Random random = new Random(seed);
        NaiveQueue naive = new NaiveQueue();
        List<Counted> everything = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            allowed.set(1 + random.nextInt(5));
            int dice = random.nextInt(10);
            if (dice < 6) {
                Counted broadcast = random(random);
                everything.add(broadcast);
                queue.queue(broadcast);
                naive.queue(broadcast);
            } else if (dice < 9) {
                int overhead = random.nextInt(4);
                int limit = random.nextInt(200);
                assertThat(queue.take(overhead, limit))
                        .containsExactlyElementsOf(naive.take(overhead, limit, allowed.get()));
            } else {
                int retain = random.nextInt(40);
                queue.prune(retain);
                naive.prune(retain);
            }
            List<Broadcast> waiting = queue.snapshot();
            assertThat(waiting).containsExactlyElementsOf(naive.snapshot());
            assertThat(queue.size()).isEqualTo(waiting.size());
            assertThat(queue.bytes())
                    .isEqualTo(
                            waiting.stream().mapToLong(b -> b.message().length).sum());
        }
        List<Broadcast> waiting = queue.snapshot();
        assertThat(everything)
                .hasSizeGreaterThan(1_000)
                .allSatisfy(broadcast -> assertThat(broadcast.finished).isEqualTo(waiting.contains(broadcast) ? 0 : 1));
    }

    private static Counted random(Random random) {
        int length = random.nextInt(60);
        return switch (random.nextInt(3)) {
            case 0 -> unique(length);
            case 1 -> new Named("n" + random.nextInt(10), length);
            default -> new Plain(length, "g" + random.nextInt(10));
        };
    }

    private Broadcast requeueing(Counted broadcast, Counted next) {
        broadcast.whenFinished = () -> queue.queue(next);
        return broadcast;
    }

    private static Counted unique(int length) {
        return new Unique(length);
    }

    private static class Counted implements Broadcast {
        private static int serial;

        final byte[] message;
        final int id = serial++;
        int finished;
        Runnable whenFinished = () -> {};

        Counted(int length) {
            message = new byte[length];
            // Different contents distinguish the messages.
            for (int i = 0; i < Math.min(4, length); i++) {
                message[i] = (byte) (id >> (8 * i));
            }
        }

        @Override
        public byte[] message() {
            return message;
        }

        @Override
        public void finished() {
            finished++;
            whenFinished.run();
        }

        boolean transmitted() {
            return finished > 0;
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + id + "(" + message.length + ")";
        }
    }

    private static final class Unique extends Counted implements UniqueBroadcast {
        Unique(int length) {
            super(length);
        }
    }

    private static final class Named extends Counted implements NamedBroadcast {
        private final String name;

        Named(String name, int length) {
            super(length);
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }
    }

    private static class Plain extends Counted {
        String group;

        Plain(int length, String group) {
            super(length);
            this.group = group;
        }

        @Override
        public boolean invalidates(Broadcast waiting) {
            return ((Plain) waiting).group.equals(group);
        }
    }

    /** The same queue as a list with linear search: slow and obviously correct. */
    private static final class NaiveQueue {
        private final List<Item> items = new ArrayList<>();
        private int nextId;

        private static final class Item {
            final Broadcast broadcast;
            final int id;
            int transmits;

            Item(Broadcast broadcast, int id) {
                this.broadcast = broadcast;
                this.id = id;
            }

            boolean before(Item other) {
                int length = broadcast.message().length;
                int otherLength = other.broadcast.message().length;
                if (transmits != other.transmits) {
                    return transmits < other.transmits;
                }
                return length != otherLength ? length > otherLength : id > other.id;
            }
        }

        void queue(Broadcast added) {
            items.removeIf(item -> {
                if (added instanceof NamedBroadcast n) {
                    return item.broadcast instanceof NamedBroadcast o
                            && o.name().equals(n.name());
                }
                return added instanceof Plain && item.broadcast instanceof Plain && added.invalidates(item.broadcast);
            });
            items.add(new Item(added, nextId++));
        }

        List<byte[]> take(int overhead, int limit, int allowed) {
            List<byte[]> taken = new ArrayList<>();
            List<Item> candidates = new ArrayList<>(items);
            int free = limit;
            while (free > overhead) {
                Item best = null;
                for (Item item : candidates) {
                    if (item.broadcast.message().length + overhead <= free && (best == null || item.before(best))) {
                        best = item;
                    }
                }
                if (best == null) {
                    break;
                }
                candidates.remove(best);
                taken.add(best.broadcast.message());
                free -= best.broadcast.message().length + overhead;
                best.transmits++;
                if (best.transmits >= allowed) {
                    items.remove(best);
                }
            }
            return taken;
        }

        void prune(int retain) {
            while (items.size() > retain) {
                Item last = items.get(0);
                for (Item item : items) {
                    if (last.before(item)) {
                        last = item;
                    }
                }
                items.remove(last);
            }
        }

        List<Broadcast> snapshot() {
            List<Item> sorted = new ArrayList<>(items);
            sorted.sort((a, b) -> a == b ? 0 : a.before(b) ? -1 : 1);
            return sorted.stream().map(item -> item.broadcast).toList();
        }
    }

    @Test
    void aBroadcastThatFailsWhenFinishedHarmsNoOther() {
        List<String> ended = new ArrayList<>();
        TransmitLimitedQueue once = new TransmitLimitedQueue(() -> 1);
        once.queue(new UniqueBroadcast() {
            @Override
            public byte[] message() {
                return new byte[2];
            }

            @Override
            public void finished() {
                throw new IllegalStateException("a broadcast that throws");
            }
        });
        once.queue(new UniqueBroadcast() {
            @Override
            public byte[] message() {
                return new byte[1];
            }

            @Override
            public void finished() {
                ended.add("other");
            }
        });

        assertThat(once.take(0, 100)).hasSize(2);
        assertThat(ended).containsExactly("other");
        assertThat(once.size()).isZero();
    }
}
