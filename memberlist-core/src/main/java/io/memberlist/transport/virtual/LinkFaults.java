package io.memberlist.transport.virtual;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a {@link VirtualNetwork} does to what it carries, beside its own delay and loss. Asked once for everything that is
 * sent, in the order of sending, so that an implementation which draws from a seeded source gives the same run again.
 */
public interface LinkFaults {
    /** A network without faults. */
    LinkFaults NONE = new LinkFaults() {};

    /** {@return what arrives of a packet: nothing where it is lost, several where it is doubled} */
    default List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        return List.of(new Arrival(0, packet));
    }

    /** {@return what happens to a piece of a stream, or to the attempt to open one} */
    default StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
        return StreamFate.PASSES;
    }

    /**
     * One packet that arrives.
     *
     * @param extraDelayNanos beside the delay of the network
     * @param packet the bytes, perhaps not those that were sent
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Arrival(long extraDelayNanos, byte[] packet) {}

    /** What happens to a piece of a stream. */
    enum StreamFate {
        /** It arrives. */
        PASSES,
        /** Neither it nor anything after it arrives, and nobody is told. */
        STALLS,
        /** Both sides see the stream reset. */
        BREAKS
    }
}
