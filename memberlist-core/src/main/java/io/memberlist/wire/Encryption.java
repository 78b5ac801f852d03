package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM: version byte, nonce, ciphertext and tag. Version 0 pads to whole blocks, as members of protocol 1 want it. Not
 * thread-safe, since it reuses its ciphers.
 */
final class Encryption {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_SIZE = 12;
    private static final int TAG_SIZE = 16;
    private static final int BLOCK_SIZE = 16;
    private static final int HEADER_SIZE = 1 + NONCE_SIZE;

    private final @Nullable KeySource keys;
    private final boolean outgoing;
    private final int version;
    private final NonceSource nonces;
    private final byte[] label;
    private final byte[] nonce = new byte[NONCE_SIZE];
    private @Nullable Cipher encryptor;
    private @Nullable Cipher decryptor;

    /** Looking for the provider takes longer than encrypting a packet, so it is done once, and not by members without keys. */
    private static final class Provided {
        static final Provider PROVIDER = provider();
    }

    /** @param label authenticated with every message */
    Encryption(WireFormat format, NonceSource nonces, byte[] label) {
        this.keys = format.keys();
        this.outgoing = format.verifyOutgoing();
        this.version = format.encryptionVersion();
        this.nonces = nonces;
        this.label = label;
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

    /**
     * {@return the encrypted message, behind so many free bytes}
     *
     * @param message holds it from {@code from} on; padding may be appended
     */
    byte[] encrypt(Buffer message, int from, int free) {
        byte[] out = new byte[free + encryptedSize(message.size - from)];
        encrypt(message, from, out, free, 0);
        return out;
    }

    /**
     * Writes the encrypted message.
     *
     * @param message holds it from {@code from} on; padding may be appended
     * @param out has room for it from {@code at} on, up to its end
     * @param header how many bytes before {@code at} are authenticated, too
     */
    void encrypt(Buffer message, int from, byte[] out, int at, int header) {
        if (keys == null) {
            throw new IllegalStateException("no keys");
        }
        for (int padding = padding(message.size - from), i = 0; i < padding; i++) {
            message.append(padding);
        }
        nonces.fill(nonce);
        out[at] = (byte) version;
        System.arraycopy(nonce, 0, out, at + 1, NONCE_SIZE);
        try {
            encryptor = prepared(encryptor, Cipher.ENCRYPT_MODE, keys.primaryKey(), out, at);
            authenticate(encryptor, out, at, header);
            encryptor.doFinal(message.bytes, from, message.size - from, out, at + HEADER_SIZE);
            keys.encrypted();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM with the primary key failed; it needs 16, 24 or 32 bytes", e);
        }
    }

    /** Appends the message within, of which every key is tried; so many bytes before it are authenticated, too. */
    void decrypt(byte[] bytes, int offset, int limit, int header, Buffer out) throws WireException {
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
            out.ensureRoom(limit - text);
            for (byte[] key : keys.keys()) {
                try {
                    decryptor = prepared(decryptor, Cipher.DECRYPT_MODE, key, bytes, offset);
                    authenticate(decryptor, bytes, offset, header);
                    out.size += decryptor.doFinal(bytes, text, limit - text, out.bytes, out.size);
                } catch (GeneralSecurityException e) {
                    continue; // not this key
                }
                if (theirs == 0) {
                    unpad(out);
                }
                return;
            }
        }
        throw new WireException(Reason.DECRYPT, "no installed keys could decrypt the message");
    }

    private static void unpad(Buffer plain) throws WireException {
        int padding = plain.bytes[plain.size - 1] & 0xff;
        if (padding == 0 || padding > BLOCK_SIZE) {
            throw new WireException(Reason.DECRYPT, "padding of " + padding + " bytes in a decrypted message");
        }
        plain.size -= padding;
    }

    /**
     * {@return the cipher, made where there is none yet: making one takes longer than encrypting a packet}
     *
     * @param offset where the encrypted message begins in the bytes; its nonce is there
     */
    private static Cipher prepared(@Nullable Cipher known, int mode, byte[] key, byte[] bytes, int offset)
            throws GeneralSecurityException {
        Cipher cipher = known == null ? Cipher.getInstance(ALGORITHM, Provided.PROVIDER) : known;
        GCMParameterSpec parameters = new GCMParameterSpec(TAG_SIZE * 8, bytes, offset + 1, NONCE_SIZE);
        cipher.init(mode, new SecretKeySpec(key, "AES"), parameters);
        return cipher;
    }

    /** Authenticates so many bytes before the encrypted message, and the label. */
    private void authenticate(Cipher cipher, byte[] bytes, int offset, int header) {
        cipher.updateAAD(bytes, offset - header, header);
        cipher.updateAAD(label);
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(ALGORITHM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM + ", which every Java must have", e);
        }
    }
}
