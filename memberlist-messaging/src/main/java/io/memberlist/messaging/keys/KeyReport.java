package io.memberlist.messaging.keys;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What members said about their keys. It shows fingerprints, which reveal nothing of the keys.
 *
 * @param keys the fingerprints of the keys of each member that answered, the primary's first, by the member's name
 * @param missing why a member did not do what it was asked to, by its name
 */
public record KeyReport(Map<String, List<String>> keys, Map<String, String> missing) {
    /** Copies the maps, in the order of the names. */
    public KeyReport {
        keys = new TreeMap<>(keys);
        missing = new TreeMap<>(missing);
    }

    /** {@return whether every member did what it was asked to} */
    public boolean complete() {
        return missing.isEmpty();
    }
}
