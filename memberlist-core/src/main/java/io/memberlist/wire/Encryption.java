package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** AES-GCM: version byte, nonce, ciphertext and tag. Version 0 pads to whole blocks, as members of protocol 1 want it. */
final class Encryption {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    /** Looking for the provider takes longer than encrypting a packet, so it is done once. */
    private static final Provider PROVIDER = provider();

    private static final int NONCE_SIZE = 12;
    private static final int TAG_SIZE = 16;
    private static final int BLOCK_SIZE = 16;
    private static final int HEADER_SIZE = 1 + NONCE_SIZE;

    private final @Nullable KeySource keys;
    private final boolean outgoing;
    private final int version;
    private final NonceSource nonces;

    Encryption(WireFormat format, NonceSource nonces) {
        this.keys = format.keys();
        this.outgoing = format.verifyOutgoing();
        this.version = format.encryptionVersion();
        this.nonces = nonces;
    }

    /** {@return whether what is sent is encrypted} */
    boolean encrypts() {
        return keys != null && outgoing;
    }

    /** {@return the most that encryption adds to a message} */
    int overhead() {
        return HEADER_SIZE + TAG_SIZE + (version == 0 ? BLOCK_SIZE : 0);
    }

    /** {@return the size of so many bytes when encrypted} */
    int encryptedSize(int size) {
        return HEADER_SIZE + size + padding(size) + TAG_SIZE;
    }

    private int padding(int size) {
        return version == 0 ? BLOCK_SIZE - size % BLOCK_SIZE : 0;
    }

    /** {@return the encrypted message behind so many free bytes, for the caller's header} */
    byte[] encrypt(byte[] message, int free, byte[]... authenticated) {
        if (keys == null) {
            throw new IllegalStateException("no keys");
        }
        byte[] nonce = new byte[NONCE_SIZE];
        nonces.fill(nonce);
        byte[] out = new byte[free + encryptedSize(message.length)];
        out[free] = (byte) version;
        System.arraycopy(nonce, 0, out, free + 1, NONCE_SIZE);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.primaryKey(), nonce, 0, authenticated);
            int at = free + HEADER_SIZE;
            at += cipher.update(message, 0, message.length, out, at);
            byte[] padding = new byte[padding(message.length)];
            Arrays.fill(padding, (byte) padding.length);
            cipher.doFinal(padding, 0, padding.length, out, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM with the primary key failed; it needs 16, 24 or 32 bytes", e);
        }
        return out;
    }

    /** {@return the message within}; every key is tried. */
    byte[] decrypt(byte[] bytes, int offset, int limit, byte[]... authenticated) throws WireException {
        if (offset >= limit) {
            throw new WireException(Reason.DECRYPT, "cannot decrypt empty payload");
        }
        int theirs = bytes[offset] & 0xff;
        if (theirs > 1) {
            throw new WireException(Reason.UNSUPPORTED, "unsupported encryption version " + theirs);
        }
        int least = HEADER_SIZE + TAG_SIZE + (theirs == 0 ? BLOCK_SIZE : 0);
        if (limit - offset < least) {
            throw new WireException(Reason.DECRYPT, "payload is too small to decrypt: " + (limit - offset));
        }
        if (keys != null) {
            int text = offset + HEADER_SIZE;
            for (byte[] key : keys.keys()) {
                try {
                    byte[] plain = cipher(Cipher.DECRYPT_MODE, key, bytes, offset + 1, authenticated)
                            .doFinal(bytes, text, limit - text);
                    return theirs == 0 ? unpad(plain) : plain;
                } catch (GeneralSecurityException e) {
                    continue; // not this key
                }
            }
        }
        throw new WireException(Reason.DECRYPT, "no installed keys could decrypt the message");
    }

    private static byte[] unpad(byte[] plain) throws WireException {
        int padding = plain[plain.length - 1] & 0xff;
        if (padding == 0 || padding > BLOCK_SIZE) {
            throw new WireException(Reason.DECRYPT, "padding of " + padding + " bytes in a decrypted message");
        }
        return Arrays.copyOf(plain, plain.length - padding);
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, int nonceOffset, byte[]... authenticated)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM, PROVIDER);
        GCMParameterSpec parameters = new GCMParameterSpec(TAG_SIZE * 8, nonce, nonceOffset, NONCE_SIZE);
        cipher.init(mode, new SecretKeySpec(key, "AES"), parameters);
        for (byte[] part : authenticated) {
            cipher.updateAAD(part);
        }
        return cipher;
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(ALGORITHM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM + ", which every Java must have", e);
        }
    }
}
