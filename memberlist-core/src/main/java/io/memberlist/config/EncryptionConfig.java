package io.memberlist.config;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberlistException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a member, and how strictly they are used.
 *
 * @param keyring the keys that encrypt and decrypt; null for no encryption
 * @param verifyIncoming whether plaintext is refused where there is a keyring; false while a running cluster turns
 *     encryption on
 * @param verifyOutgoing whether this member encrypts where there is a keyring; false while a running cluster turns
 *     encryption on
 * @param maxMessageAge how long ago a message may have been encrypted that says when; zero for any time. Messages of members
 *     of the Go library, and of those for which this is zero, do not say so, and are accepted
 */
public record EncryptionConfig(
        @Nullable Keyring keyring, boolean verifyIncoming, boolean verifyOutgoing, Duration maxMessageAge) {
    /** A large state takes some seconds to cross a slow network, and clocks are never quite the same. */
    private static final Duration SHORTEST_AGE = Duration.ofSeconds(10);

    /** Checks the bounds. */
    public EncryptionConfig {
        ConfigRules.notNegative("encryption.maxMessageAge", maxMessageAge);
        if (!maxMessageAge.isZero() && maxMessageAge.compareTo(SHORTEST_AGE) < 0) {
            throw new InvalidSettingException(
                    "encryption.maxMessageAge",
                    "encryption.maxMessageAge is " + maxMessageAge + ": it must be at least " + SHORTEST_AGE
                            + ", or zero for any age");
        }
    }

    /** Makes these settings. */
    public static final class Builder {
        private @Nullable Keyring keyring;
        private boolean verifyIncoming = true;
        private boolean verifyOutgoing = true;
        private Duration maxMessageAge = Duration.ZERO;

        Builder() {}

        Builder(EncryptionConfig from) {
            keyring = from.keyring;
            verifyIncoming = from.verifyIncoming;
            verifyOutgoing = from.verifyOutgoing;
            maxMessageAge = from.maxMessageAge;
        }

        /**
         * Sets the keys that encrypt and decrypt. Null means no encryption. Keys may be added and removed while the
         * member runs.
         */
        public Builder keyring(@Nullable Keyring keyring) {
            this.keyring = keyring;
            return this;
        }

        /**
         * Sets the key that encrypts: adds it to the keyring as its primary, or makes a keyring of it.
         *
         * @param key 16, 24 or 32 bytes, for AES-128, -192 or -256; copied
         * @throws MemberlistException if it has another length
         */
        public Builder secretKey(byte[] key) {
            if (keyring == null) {
                keyring = Keyring.of(key);
            } else {
                keyring.add(key);
                keyring.use(key);
            }
            return this;
        }

        /**
         * Sets whether plaintext is refused where there is a keyring. False while a running cluster turns encryption
         * on.
         */
        public Builder verifyIncoming(boolean verifyIncoming) {
            this.verifyIncoming = verifyIncoming;
            return this;
        }

        /**
         * Sets whether this member encrypts where there is a keyring. False while a running cluster turns encryption
         * on.
         */
        public Builder verifyOutgoing(boolean verifyOutgoing) {
            this.verifyOutgoing = verifyOutgoing;
            return this;
        }

        /**
         * Sets how long ago a message may have been encrypted. Zero, the default, means any time, as in the Go library. Above
         * zero, this member says in each encrypted message when that was, which members of the Go library do not notice, and
         * refuses older ones of members that say so, too: what somebody has recorded cannot be sent again later. The clocks of
         * all members must be closer together than this.
         *
         * @param maxMessageAge from 10 seconds to 365 days, or zero
         */
        public Builder maxMessageAge(Duration maxMessageAge) {
            this.maxMessageAge = maxMessageAge;
            return this;
        }

        EncryptionConfig build() {
            return new EncryptionConfig(keyring, verifyIncoming, verifyOutgoing, maxMessageAge);
        }
    }
}
