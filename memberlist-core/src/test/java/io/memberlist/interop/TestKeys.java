package io.memberlist.interop;

import java.util.Arrays;
import java.util.Base64;

/** Keys for tests, one for each letter. */
final class TestKeys {
    private TestKeys() {}

    static byte[] key(char letter) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) letter);
        return key;
    }

    /** {@return the key as the Go program takes it} */
    static String base64(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }
}
