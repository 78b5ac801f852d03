package io.memberlist.config;

import io.memberlist.member.MemberlistException;
import io.memberlist.wire.KeySource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The keys of a cluster, changed while it runs: the primary encrypts, every one is tried when decrypting. To rotate,
 * {@link #add} the new key at every member, then {@link #use} it at every member, then {@link #remove} the old one.
 *
 * <p>Safe from any thread. Keys never show in {@link #toString()}, only {@link #fingerprint fingerprints} do.
 */
public final class Keyring implements KeySource {
    private static final int FINGERPRINT_BYTES = 4;

    /** The primary first. The list is replaced, never changed. */
    private volatile List<Installed> installed;

    /** The bytes of the same keys, since every packet asks for them. */
    private volatile List<byte[]> keys;

    private Keyring(byte[] primary) {
        this.installed = List.of(new Installed(primary, new LongAdder()));
        this.keys = List.of(primary);
    }

    /** A key, and how many messages it has encrypted. */
    private record Installed(byte[] key, LongAdder encrypted) {}

    /**
     * {@return a keyring}
     *
     * @param primary encrypts: 16, 24 or 32 bytes, for AES-128, -192 or -256; copied
     * @param others decrypt as well
     * @throws MemberlistException if a key has another length
     */
    public static Keyring of(byte[] primary, byte[]... others) {
        Keyring keyring = new Keyring(checked(primary));
        for (byte[] other : others) {
            keyring.add(other);
        }
        return keyring;
    }

    /**
     * Installs a key, for decrypting. Harmless when it is there.
     *
     * @throws MemberlistException if it has not 16, 24 or 32 bytes
     */
    public synchronized void add(byte[] key) {
        byte[] copy = checked(key);
        if (!contains(copy)) {
            List<Installed> changed = new ArrayList<>(installed);
            changed.add(new Installed(copy, new LongAdder()));
            install(changed);
        }
    }

    /**
     * Makes an installed key the primary.
     *
     * @throws MemberlistException if it is not installed
     */
    public synchronized void use(byte[] key) {
        int at = indexOf(key);
        if (at < 0) {
            throw new MemberlistException("requested key is not in the keyring: add it at every member first");
        }
        List<Installed> changed = new ArrayList<>(installed);
        changed.add(0, changed.remove(at));
        install(changed);
    }

    /**
     * Uninstalls a key. Harmless when it is not there.
     *
     * @throws MemberlistException if it is the primary
     */
    public synchronized void remove(byte[] key) {
        if (same(keys.get(0), key)) {
            throw new MemberlistException("removing the primary key is not allowed: use another key first");
        }
        install(installed.stream().filter(one -> !same(one.key, key)).toList());
    }

    private void install(List<Installed> changed) {
        installed = List.copyOf(changed);
        keys = changed.stream().map(Installed::key).toList();
    }

    /** {@return every key, the primary first} The arrays must not be changed. */
    @Override
    public List<byte[]> keys() {
        return keys;
    }

    /** {@return the key that encrypts} The array must not be changed. */
    @Override
    public byte[] primaryKey() {
        return keys.get(0);
    }

    @Override
    public void encrypted() {
        installed.get(0).encrypted.increment();
    }

    /**
     * {@return how many messages the primary key has encrypted with this keyring} It is counted from when the key was installed,
     * and not kept when the process ends. Other members encrypt with the same key, and what they encrypt is not counted here.
     */
    public long encryptedMessages() {
        return installed.get(0).encrypted.sum();
    }

    /** {@return eight hexadecimal digits by which people can tell keys apart; they give nothing of the key away} */
    public static String fingerprint(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return the fingerprints of the keys, the primary's first} */
    public List<String> fingerprints() {
        return keys.stream().map(Keyring::fingerprint).toList();
    }

    @Override
    public String toString() {
        return "Keyring" + fingerprints();
    }

    private boolean contains(byte[] key) {
        return indexOf(key) >= 0;
    }

    private int indexOf(byte[] key) {
        List<byte[]> all = keys;
        for (int i = 0; i < all.size(); i++) {
            if (same(all.get(i), key)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean same(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    private static byte[] checked(byte[] key) {
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new MemberlistException("a key of " + key.length
                    + " bytes is none: key size must be 16, 24 or 32 bytes, for AES-128, AES-192 or AES-256");
        }
        return Arrays.copyOf(key, key.length);
    }
}
