package io.memberlist.swim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/** Who tells this member about others, in one packet or one state. */
final class Teller {
    /** So many newcomers are asked of whom one packet or state tells, where nobody vouches for them. */
    private static final int MOST_NEWCOMERS = 16;

    private final InetAddress address;
    private final boolean provenAddress;
    private final BooleanSupplier vouches;
    private int newcomers;

    private Teller(InetAddress address, boolean provenAddress, BooleanSupplier vouches) {
        this.address = address;
        this.provenAddress = provenAddress;
        this.vouches = vouches;
    }

    /** {@return the sender of a packet, which vouches for newcomers if it has the address of a live member} */
    static Teller ofPacket(InetSocketAddress from, MemberTable table) {
        return new Teller(from.getAddress(), false, () -> {
            MemberRecord sender = table.live(from);
            return sender != null && !sender.isDoubtful();
        });
    }

    /** {@return a process that this member has asked for its state, which vouches for newcomers} */
    static Teller asked(InetAddress address) {
        return new Teller(address, true, () -> true);
    }

    /** {@return a process that has sent its state on its own, from a port that says nothing} */
    static Teller unasked(InetAddress address) {
        return new Teller(address, true, () -> false);
    }

    InetAddress address() {
        return address;
    }

    /** {@return whether it is at its address, to which a stream leads; that of a packet can be forged} */
    boolean isAddressProven() {
        return provenAddress;
    }

    /** {@return whether newcomers of whom it tells become members without being asked themselves} */
    boolean vouches() {
        return vouches.getAsBoolean();
    }

    /** {@return whether one more newcomer may be asked} */
    boolean mayTellOfAnother() {
        return newcomers++ < MOST_NEWCOMERS;
    }

    /** {@return whether it told of more newcomers than are asked; true once} */
    boolean takeRest() {
        boolean rest = newcomers > MOST_NEWCOMERS;
        if (rest) {
            newcomers = 0;
        }
        return rest;
    }
}
