package io.memberlist.transport.netty;

import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What earlier look-ups of a member have shown: which name server answers, and which family of addresses nobody answers
 * for. Some name servers, and home routers in front of them, drop AAAA questions. Used on the loop.
 */
final class DnsMemory {
    private static final long FOUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long NOT_FOUND_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Set<DnsRecordType> silent = new HashSet<>();
    private @Nullable InetSocketAddress answered;
    private int lookUps;

    /** {@return the name servers in the order in which to ask them} */
    List<InetSocketAddress> order(NameServers servers) {
        List<InetSocketAddress> order = new ArrayList<>(servers.addresses());
        if (servers.options().rotate()) {
            Collections.rotate(order, -(lookUps++ % order.size()));
        } else if (answered != null && order.remove(answered)) {
            order.add(0, answered);
        }
        return order;
    }

    void heard(InetSocketAddress server, DnsRecordType type) {
        answered = server;
        silent.remove(type);
    }

    void notHeard(DnsRecordType type) {
        silent.add(type);
    }

    /**
     * {@return how long to wait for the answer about one family once the other has ended}
     *
     * @param found whether the other family has addresses
     */
    long patienceNanos(DnsRecordType awaited, boolean found) {
        return silent.contains(awaited) ? SILENT_NANOS : found ? FOUND_NANOS : NOT_FOUND_NANOS;
    }
}
