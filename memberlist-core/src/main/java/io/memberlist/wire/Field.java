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

    private static final Field[] AT = new Field[64];

    static {
        for (Field field : values()) {
            if (field != UNKNOWN) {
                int slot = slot(field.name, 0, field.name.length);
                if (AT[slot] != null) {
                    throw new IllegalStateException(field + " and " + AT[slot] + " need another hash");
                }
                AT[slot] = field;
            }
        }
    }

    private final String text;
    /** The name in ASCII. */
    final byte[] name;

    private final long head;
    private final long tail;

    Field(String text) {
        this.text = text;
        this.name = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer raw = ByteBuffer.allocate(2 * Long.BYTES).put((byte) (0xa0 | name.length));
        raw.put(name);
        this.head = raw.getLong(0);
        this.tail = raw.getLong(Long.BYTES);
    }

    /** Appends the name as raw: sixteen bytes at once, of which those behind it are written over by what follows. */
    void write(Buffer out) {
        out.ensureRoom(2 * Long.BYTES);
        Buffer.LONG.set(out.bytes, out.size, head);
        Buffer.LONG.set(out.bytes, out.size + Long.BYTES, tail);
        out.size += 1 + name.length;
    }

    /** {@return the field that these bytes name} */
    static Field of(byte[] bytes, int from, int to) {
        Field field = from < to ? AT[slot(bytes, from, to)] : UNKNOWN;
        return field != null && field.isNamed(bytes, from, to) ? field : UNKNOWN;
    }

    /** Byte by byte: the names are too short for anything else to be faster. */
    private boolean isNamed(byte[] bytes, int from, int to) {
        boolean same = name.length == to - from;
        for (int i = 0; same && i < name.length; i++) {
            same = name[i] == bytes[from + i];
        }
        return same;
    }

    /** A hash that no two names share. */
    private static int slot(byte[] bytes, int from, int to) {
        return (bytes[from] + bytes[from + to >> 1] + 3 * bytes[to - 1]) & AT.length - 1;
    }

    /** {@return the name as it is on the wire} */
    @Override
    public String toString() {
        return text;
    }
}
