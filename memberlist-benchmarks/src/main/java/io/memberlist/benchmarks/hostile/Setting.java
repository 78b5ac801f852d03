package io.memberlist.benchmarks.hostile;

/** How the members of a scene are configured. */
enum Setting {
    /** No key: whoever reaches the port may speak. */
    PLAIN,
    /** All members have a key. */
    ENCRYPTED,
    /** The members take nobody outside of their own few addresses for one of them. */
    MEMBERS_ONLY;

    private static final int KEY_BYTES = 32;

    static byte[] key() {
        byte[] key = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            key[i] = (byte) (i * 7);
        }
        return key;
    }
}
