package io.memberlist.simulator.fuzz.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value for each pair of an observer and a member. */
final class PerMember<T> {
    private final Map<String, Map<String, T>> byObserver = new HashMap<>();

    @Nullable
    T get(String observer, String member) {
        return of(observer).get(member);
    }

    /** {@return the value, which is made where there is none} */
    T computeIfAbsent(String observer, String member, Supplier<T> made) {
        return byObserver.computeIfAbsent(observer, o -> new HashMap<>()).computeIfAbsent(member, m -> made.get());
    }

    void put(String observer, String member, T value) {
        byObserver.computeIfAbsent(observer, o -> new HashMap<>()).put(member, value);
    }

    void remove(String observer, String member) {
        byObserver.getOrDefault(observer, new HashMap<>()).remove(member);
    }

    void forget(String observer) {
        byObserver.remove(observer);
    }

    Map<String, T> of(String observer) {
        return byObserver.getOrDefault(observer, Map.of());
    }
}
