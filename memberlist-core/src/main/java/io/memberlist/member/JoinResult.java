package io.memberlist.member;

import java.util.List;
import java.util.Map;

/**
 * The result of an attempt to join.
 *
 * @param reached the addresses that a state exchange succeeded with, as {@code ip:port}
 * @param failures the seeds that could not be reached, and why; the key is the seed as it was given, or the {@code ip:port} it
 *     resolved to
 */
public record JoinResult(List<String> reached, Map<String, Throwable> failures) {
    /** Copies both collections. */
    public JoinResult {
        reached = List.copyOf(reached);
        failures = Map.copyOf(failures);
    }

    /** {@return how many addresses were reached} */
    public int count() {
        return reached.size();
    }
}
