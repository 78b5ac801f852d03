package io.memberlist.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The names of all fields there are, found by their bytes: a full state exchange holds thousands of each. */
final class FieldNames {
    private static final String[] NAMES = {
        "Addr",
        "Algo",
        "Buf",
        "Error",
        "From",
        "Incarnation",
        "Join",
        "Meta",
        "Nack",
        "Name",
        "Node",
        "Nodes",
        "Payload",
        "Port",
        "SeqNo",
        "SourceAddr",
        "SourceNode",
        "SourcePort",
        "State",
        "Target",
        "UserMsgLen",
        "UserStateLen",
        "Vsn"
    };
    /** Open hashing, less than half full. */
    private static final int SLOTS = 64;

    private static final String[] NAME_AT = new String[SLOTS];
    private static final byte[][] BYTES_AT = new byte[SLOTS][];

    static {
        for (String name : NAMES) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int slot = slot(bytes, bytes.length);
            while (BYTES_AT[slot] != null) {
                slot = next(slot);
            }
            NAME_AT[slot] = name;
            BYTES_AT[slot] = bytes;
        }
    }

    private FieldNames() {}

    /** {@return the name that the first so many bytes are, whether or not a field has it} */
    static String of(byte[] bytes, int length) {
        if (length > 0) {
            for (int slot = slot(bytes, length); BYTES_AT[slot] != null; slot = next(slot)) {
                byte[] known = BYTES_AT[slot];
                if (Arrays.equals(known, 0, known.length, bytes, 0, length)) {
                    return NAME_AT[slot];
                }
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static int slot(byte[] bytes, int length) {
        return (bytes[0] * 7 + bytes[length - 1] * 3 + length) & SLOTS - 1;
    }

    private static int next(int slot) {
        return slot + 1 & SLOTS - 1;
    }
}
