package io.memberlist.swim;

import io.memberlist.config.Keyring;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Warns when a key has encrypted so much that it should be replaced, and when old keys are not removed. Used on the loop. */
final class KeyUse {
    /**
     * Half of what a key may encrypt under random nonces of 96 bits, at all members together: NIST SP 800-38D, 8.3, allows 2^32
     * messages, after which the same nonce has come twice with a probability of 2^-32.
     */
    static final long WORN = 1L << 31;

    /**
     * Two rotations at the same time need four keys. A packet that no key decrypts takes 2.5 microseconds for each, so that with
     * four a hundred thousand of them a second, as many as one machine sends, take all of the loop's time.
     */
    static final int MANY = 4;

    private final @Nullable Keyring keyring;
    private final IntSupplier members;
    private final MemberLog log;
    private final long worn;
    private String warned = "";
    private int warnedOf = MANY;

    /**
     * @param members how many members there are, this one among them: they are taken to encrypt as much as it does
     * @param worn how many messages a key may encrypt before a warning
     */
    KeyUse(@Nullable Keyring keyring, IntSupplier members, MemberLog log, long worn) {
        this.keyring = keyring;
        this.members = members;
        this.log = log;
        this.worn = worn;
    }

    /** Warns once of each key, and once of each number of keys that is larger than the last. */
    void check() {
        if (keyring == null) {
            return;
        }
        int count = Math.max(1, members.getAsInt());
        long own = keyring.encryptedMessages();
        if (own >= worn / count) {
            warnOfWear(Keyring.fingerprint(keyring.primaryKey()), own, count);
        }
        int keys = keyring.keys().size();
        if (keys > warnedOf) {
            log.logSelf(LogEvent.MANY_KEYS, keys);
        }
        warnedOf = Math.max(MANY, keys);
    }

    private void warnOfWear(String primary, long own, int count) {
        if (!primary.equals(warned)) {
            warned = primary;
            log.logSelf(LogEvent.KEY_WORN, primary, own, count);
        }
    }
}
