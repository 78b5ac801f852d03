package io.memberlist.benchmarks.hostile;

import java.util.Base64;
import java.util.List;

/** How the members of a scene are configured. */
enum Setting {
    /** No key: whoever reaches the port may speak. */
    PLAIN,
    /** All members have a key. */
    ENCRYPTED("-key", Base64.getEncoder().encodeToString(key())),
    /** All members have a key, and soon forget those that are gone. */
    FORGETFUL("-key", Base64.getEncoder().encodeToString(key()), "-forget-after", Setting.FORGET_SECONDS + "s"),
    /** The members take nobody outside of their own few addresses for one of them. */
    MEMBERS_ONLY("-allowed-networks", "127.0.0.0/29");

    /**
     * How long a forgetful member has one that is gone in its table, and how long a member of this engine remembers its last
     * incarnation after that.
     */
    static final int FORGET_SECONDS = 3;

    private static final int KEY_BYTES = 32;

    private final List<String> flags;

    Setting(String... flags) {
        this.flags = List.of(flags);
    }

    /** {@return the flags of a member, of either side} */
    List<String> flags() {
        return flags;
    }

    static byte[] key() {
        byte[] key = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            key[i] = (byte) (i * 7);
        }
        return key;
    }
}
