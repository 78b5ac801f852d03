package io.memberlist.messaging.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoreTest {
    @Test
    void theStoreMakesRoomByAgeNotByArrival() {
        VirtualTime time = new VirtualTime();
        Store store = new Store(new VirtualEventLoop(time, 1), 3 * 500, 1_000_000_000L, () -> Long.MAX_VALUE);
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
                .containsExactly(new Inventory.Entry(origin, List.of(new Inventory.Run(4, 4))));
    }

    @Test
    void theInventoryHoldsAllThatThereIs() {
        Store store =
                new Store(new VirtualEventLoop(new VirtualTime(), 1), 1 << 20, 1_000_000_000L, () -> Long.MAX_VALUE);
        Origin origin = new Origin("o", 1);
        for (int number = 1; number <= 10; number += 2) {
            store.add(envelope(origin, number), 0);
        }
        assertThat(store.inventory(2, 99))
                .extracting(entry -> entry.runs().size())
                .containsExactly(2, 2, 1);
        assertThat(store.inventory(2, 99))
                .flatExtracting(Inventory.Entry::runs)
                .extracting(Inventory.Run::from)
                .containsExactly(1L, 3L, 5L, 7L, 9L);
    }

    @Test
    void theInventoryOfMuchIsAnotherPartOfItEachTime() {
        Store store =
                new Store(new VirtualEventLoop(new VirtualTime(), 1), 1 << 24, 1_000_000_000L, () -> Long.MAX_VALUE);
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
                            .isSortedAccordingTo(Comparator.comparingLong(Inventory.Run::from)));
            entries.forEach(
                    entry -> entry.runs().forEach(run -> told.add(entry.origin().name() + "/" + run.from())));
        }
        assertThat(told).hasSize(1500);
    }

    private static Envelope envelope(Origin origin, long number) {
        byte[] message = EnvelopeFormat.message(EnvelopeFormat.BROADCAST, origin, 0, "t", Map.of(), new byte[250]);
        EnvelopeFormat.numbered(message, 0, number, number);
        return EnvelopeFormat.readOwn(message);
    }
}
