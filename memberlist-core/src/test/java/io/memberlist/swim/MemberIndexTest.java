package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.MemberState;
import io.memberlist.wire.Message.Alive;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MemberIndexTest {
    private final SecretHash hash = new SecretHash(new SplittableRandom(1));
    private final MemberIndex<String> index = new MemberIndex<>(hash::of, MemberRecord::name);

    @Test
    void findsWhatAMapFinds() {
        Map<String, MemberRecord> map = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String name = "member-" + random.nextInt(500);
            MemberRecord known = map.get(name);
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (known != null) {
                        index.remove(name, known);
                        map.remove(name);
                    }
                }
                case 1 -> index.remove(name, member(name));
                default -> {
                    MemberRecord put = member(name);
                    index.put(name, put);
                    map.put(name, put);
                }
            }
            assertThat(index.get(name)).isSameAs(map.get(name));
        }
        Set<MemberRecord> all = new HashSet<>();
        index.forEach(member -> assertThat(all.add(member)).isTrue());
        assertThat(all).containsExactlyInAnyOrderElementsOf(map.values());
        map.forEach((name, member) -> assertThat(index.get(name)).isSameAs(member));
    }

    @Test
    void findsNobodyWhereKeysHaveTheSameHash() {
        MemberIndex<String> colliding = new MemberIndex<>(name -> -1, MemberRecord::name);
        MemberRecord a = member("a");
        MemberRecord b = member("b");
        colliding.put("a", a);
        colliding.put("b", b);
        colliding.remove("a", a);

        assertThat(colliding.get("a")).isNull();
        assertThat(colliding.get("b")).isSameAs(b);
        assertThat(colliding.get("c")).isNull();
    }

    @Test
    void anotherThreadFindsAtAnyMomentWhoeverStays() throws InterruptedException, ExecutionException {
        List<String> staying = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            staying.add("stays-" + i);
            index.put(staying.get(i), member(staying.get(i)));
        }
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            do {
                for (String name : staying) {
                    MemberRecord found = index.get(name);
                    assertThat(found).isNotNull();
                    assertThat(found.name()).isEqualTo(name);
                }
                Set<String> seen = new HashSet<>();
                index.forEach(member -> seen.add(member.name()));
                assertThat(seen).containsAll(staying);
            } while (!over.get());
        });
        for (int i = 0; i < 50_000 && !reader.isDone(); i++) {
            MemberRecord passing = member("passes-" + i % 1_000);
            index.put(passing.name(), passing);
            if (i % 3 != 0) {
                index.remove(passing.name(), passing);
            }
        }
        over.set(true);
        reader.get();
    }

    /** Names and addresses that Java's own hashes do not tell apart. */
    @Test
    void keysThatAreMadeToCollideDoNot() {
        List<String> names = List.of("");
        for (int i = 0; i < 12; i++) {
            names = names.stream()
                    .flatMap(name -> List.of(name + "Aa", name + "BB").stream())
                    .toList();
        }
        assertThat(names.stream().mapToInt(String::hashCode).distinct().count()).isEqualTo(1);

        assertThat(mostInABucket(names.stream().mapToLong(hash::of).toArray())).isLessThan(16);
        long[] addresses = new long[4096];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = hash.of(new InetSocketAddress("10.0." + (i >> 8) + "." + (i & 255), 7946));
        }
        assertThat(mostInABucket(addresses)).isLessThan(16);
    }

    private static int mostInABucket(long[] hashes) {
        int[] counts = new int[4096];
        int most = 0;
        for (long each : hashes) {
            most = Math.max(most, ++counts[(int) (each >>> 52)]);
        }
        return most;
    }

    private static MemberRecord member(String name) {
        Alive alive = new Alive(1, name, new byte[] {127, 0, 0, 1}, 7946, new byte[0], new byte[0]);
        return new MemberRecord(alive, MemberState.ALIVE, 0, Instant.EPOCH);
    }
}
