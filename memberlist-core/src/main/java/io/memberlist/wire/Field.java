package io.memberlist.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The fields of all messages, found and written by the bytes of their names. */
enum Field {
    ADDR("Addr"),
    ALGO("Algo"),
    BUF("Buf"),
    ERROR("Error"),
    FROM("From"),
    INCARNATION("Incarnation"),
    JOIN("Join"),
    META("Meta"),
    NACK("Nack"),
    NAME("Name"),
    NODE("Node"),
    NODES("Nodes"),
    PAYLOAD("Payload"),
    PORT("Port"),
    SEQ_NO("SeqNo"),
    SOURCE_ADDR("SourceAddr"),
    SOURCE_NODE("SourceNode"),
    SOURCE_PORT("SourcePort"),
    STATE("State"),
    TARGET("Target"),
    USER_MSG_LEN("UserMsgLen"),
    USER_STATE_LEN("UserStateLen"),
    VSN("Vsn"),
    /** Any other: a later protocol may add fields. */
    UNKNOWN("");

    /** More than the longest name with its header needs. */
    static final int ROOM = 2 * Long.BYTES;

    private static final int SLOT_BITS = 8;
    private static final Field[] AT = new Field[1 << SLOT_BITS];

    static {
        for (Field field : values()) {
            if (field != UNKNOWN) {
                int slot = slot(field.head);
                if (AT[slot] != null) {
                    throw new IllegalStateException(field + " and " + AT[slot] + " need another hash");
                }
                AT[slot] = field;
            }
        }
    }

    private final String text;
    /** The size of the name as raw: one byte says how long it is, then it comes in ASCII. */
    final int size;

    /** The name as raw, and zeros behind it. */
    final long head;

    final long tail;

    Field(String text) {
        this.text = text;
        this.size = 1 + text.length();
        ByteBuffer raw = ByteBuffer.wrap(raw(text.getBytes(StandardCharsets.US_ASCII), 0, text.length()));
        this.head = raw.getLong(0);
        this.tail = raw.getLong(Long.BYTES);
    }

    /** {@return the field that the bytes from..to name} */
    static Field of(byte[] bytes, int from, int to) {
        return to - from < ROOM ? at(raw(bytes, from, to), 0) : UNKNOWN;
    }

    /**
     * {@return the field whose name starts at the offset, as raw of the shortest form} Compares eight bytes at once, and so
     * looks at bytes behind the name: near the end of the array the answer is that the field is unknown.
     */
    static Field at(byte[] bytes, int offset) {
        if (offset > bytes.length - Long.BYTES) {
            return UNKNOWN;
        }
        long raw = (long) Buffer.LONG.get(bytes, offset);
        int length = (int) (raw >>> Long.SIZE - Byte.SIZE) - 0xa0;
        if (length >= 0 && length < Long.BYTES - 1) {
            raw &= -1L << Byte.SIZE * (Long.BYTES - 1 - length);
        }
        Field field = AT[slot(raw)];
        boolean found = field != null && field.head == raw && (field.size <= Long.BYTES || field.endsAt(bytes, offset));
        return found ? field : UNKNOWN;
    }

    private boolean endsAt(byte[] bytes, int offset) {
        return offset <= bytes.length - ROOM
                && ((long) Buffer.LONG.get(bytes, offset + Long.BYTES) & -1L << Byte.SIZE * (ROOM - size)) == tail;
    }

    /** {@return the name as raw, and zeros up to the room of all names} */
    private static byte[] raw(byte[] bytes, int from, int to) {
        byte[] raw = new byte[ROOM];
        raw[0] = (byte) (0xa0 | to - from);
        System.arraycopy(bytes, from, raw, 1, to - from);
        return raw;
    }
    /** A hash that no two names share. */
    private static int slot(long head) {
        return (int) (head * 0x9e3779b97f4a7c15L >>> Long.SIZE - SLOT_BITS);
    }

    /** {@return the name as it is on the wire} */
    @Override
    public String toString() {
        return text;
    }
}
