package io.memberlist.spring.boot.actuate;

import io.memberlist.member.PartlyReachable;
import java.time.Instant;
import java.util.Locale;

/**
 * A live member that this one can reach in one way only, as it is written as JSON.
 *
 * @param name its name
 * @param reachability {@code packets_only}, which is UDP, or {@code streams_only}, which is TCP
 * @param since when that was found out, according to this machine's clock
 */
public record PartlyReachableDescriptor(String name, String reachability, Instant since) {
    static PartlyReachableDescriptor of(PartlyReachable partly) {
        return new PartlyReachableDescriptor(
                partly.member().name(), partly.reachability().name().toLowerCase(Locale.ROOT), partly.since());
    }
}
