package io.memberlist.wire;

/** The checksum of a packet. */
public enum Checksum {
    /** The packet has none. */
    NONE(0),
    /** Byte 12 and the CRC-32 of what follows. */
    CRC32(5);

    private static final int CRC_SINCE_PROTOCOL = 5;

    /** How many bytes it adds to a packet. */
    final int size;

    Checksum(int size) {
        this.size = size;
    }

    /**
     * {@return the checksum of a packet for this receiver}
     *
     * @param protocolMax the highest protocol version that the receiver is known to understand; 0 where it is not known
     */
    public static Checksum forReceiver(int protocolMax) {
        return protocolMax >= CRC_SINCE_PROTOCOL ? CRC32 : NONE;
    }
}
