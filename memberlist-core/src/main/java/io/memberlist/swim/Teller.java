package io.memberlist.swim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who tells this member about others, in one packet or one state. */
final class Teller {
    /** So many newcomers are asked of whom one packet or state tells, where nobody vouches for them. */
    private static final int MOST_NEWCOMERS = 16;

    /** About what a newcomer takes in a packet, beside its name. */
    private static final int NEWCOMER_BYTES = 64;

    private final InetAddress address;
    private final boolean provenAddress;
    private final BooleanSupplier vouches;
    private final long received;
    private int newcomers;
    private long unpacked;
    private boolean toldOfMore;
    private @Nullable InetSocketAddress asked;

    private Teller(InetAddress address, boolean provenAddress, BooleanSupplier vouches, long received) {
        this.address = address;
        this.provenAddress = provenAddress;
        this.vouches = vouches;
        this.received = received;
    }

    /**
     * {@return the sender of a packet, which vouches for newcomers if it has the address of a live member}
     *
     * @param received how many bytes the packet has
     */
    static Teller ofPacket(InetSocketAddress from, MemberTable table, long received) {
        return new Teller(
                from.getAddress(),
                false,
                () -> {
                    MemberRecord sender = table.live(from);
                    return sender != null && !sender.isDoubtful();
                },
                received);
    }

    /** {@return a process that this member has asked for its state, which vouches for newcomers} */
    static Teller asked(InetSocketAddress address) {
        Teller teller = new Teller(address.getAddress(), true, () -> true, 0);
        teller.asked = address;
        return teller;
    }

    /**
     * {@return a process that has sent its state on its own, from a port that says nothing}
     *
     * @param received how many bytes it has sent
     */
    static Teller unasked(InetAddress address, long received) {
        return new Teller(address, true, () -> false, received);
    }

    InetAddress address() {
        return address;
    }

    /** {@return whether it is at its address, to which a stream leads; that of a packet can be forged} */
    boolean isAddressProven() {
        return provenAddress;
    }

    /** {@return the address at which this member has asked it, or null if it was not asked} */
    @Nullable
    InetSocketAddress asked() {
        return asked;
    }

    /** {@return whether newcomers of whom it tells become members without being asked themselves} */
    boolean vouches() {
        return vouches.getAsBoolean();
    }

    /**
     * {@return whether one more newcomer may be asked} What was compressed counts as it came: a few bytes may unpack to many
     * names, and each would have a process that is no member sent more than its name.
     */
    boolean mayTellOf(String newcomer) {
        int name = newcomer.getBytes(StandardCharsets.UTF_8).length;
        unpacked += name + NEWCOMER_BYTES;
        boolean may = newcomers == 0 ? name <= received : newcomers < MOST_NEWCOMERS && unpacked <= received;
        if (may) {
            newcomers++;
        } else {
            toldOfMore = true;
        }
        return may;
    }

    /** {@return whether it told of more newcomers than are asked; true once} */
    boolean takeRest() {
        boolean rest = toldOfMore;
        toldOfMore = false;
        return rest;
    }
}
