package io.memberlist.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Addresses that collide in a hash table are told apart by their order. */
class AddressOrderTest {
    @Test
    void addressesWithOneHashAreDifferentAndStandInOneOrder() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            addresses.add(new InetSocketAddress("10.0.0." + i, 8000 - i));
            addresses.add(new InetSocketAddress("fd00::" + (i + 1) + ":0:0:" + (100 - i), 7946));
        }
        TreeSet<InetSocketAddress> set = new TreeSet<>(AddressOrder.SOCKETS);
        set.addAll(addresses);

        assertThat(addresses.stream().map(Object::hashCode).distinct().count()).isLessThan(addresses.size());
        assertThat(set).hasSameSizeAs(addresses).containsAll(addresses);
        assertThat(set.contains(new InetSocketAddress("10.0.0.7", 8000 - 7))).isTrue();
        assertThat(set.contains(new InetSocketAddress("10.0.0.7", 8000 - 8))).isFalse();
    }
}
