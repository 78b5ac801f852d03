package io.memberlist.wire;

import java.util.List;

/**
 * The installed keys, asked anew for every packet and stream so that a rotation takes effect at once. Keys have 16, 24
 * or 32 bytes (AES-128, -192, -256) and are shared, not copied: nobody changes them. Called from several threads.
 */
public interface KeySource {
    /** {@return every installed key, the primary first: each is tried when decrypting} */
    List<byte[]> keys();

    /** {@return the key that encrypts} */
    byte[] primaryKey();

    /** Counts a message that the primary key has encrypted, since no key may encrypt too many. */
    default void encrypted() {}
}
