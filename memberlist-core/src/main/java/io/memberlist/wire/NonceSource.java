package io.memberlist.wire;

/** Where the nonces of encryption come from. No nonce may come twice under one key: random ones in production. */
@FunctionalInterface
public interface NonceSource {
    /** @param nonce 12 bytes to fill */
    void fill(byte[] nonce);
}
