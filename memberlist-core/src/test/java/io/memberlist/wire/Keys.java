package io.memberlist.wire;

import java.util.Arrays;
import java.util.List;

/** Installed keys, the primary first. */
record Keys(List<byte[]> keys) implements KeySource {
    static Keys of(byte[]... keys) {
        return new Keys(List.of(keys));
    }

    /** A key of this many equal bytes. */
    static byte[] key(int size, int fill) {
        byte[] key = new byte[size];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    @Override
    public byte[] primaryKey() {
        return keys.get(0);
    }
}
