package io.memberlist.config;

import io.memberlist.member.MemberlistException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a member, and how strictly they are used.
 *
 * @param keyring the keys that encrypt and decrypt; null for no encryption
 * @param verifyIncoming whether plaintext is refused where there is a keyring; false while a running cluster turns
 *     encryption on
 * @param verifyOutgoing whether this member encrypts where there is a keyring; false while a running cluster turns
 *     encryption on
 */
public record EncryptionConfig(@Nullable Keyring keyring, boolean verifyIncoming, boolean verifyOutgoing) {
    /** Makes these settings. */
    public static final class Builder {
        private @Nullable Keyring keyring;
        private boolean verifyIncoming = true;
        private boolean verifyOutgoing = true;

        Builder() {}

        Builder(EncryptionConfig from) {
            keyring = from.keyring;
            verifyIncoming = from.verifyIncoming;
            verifyOutgoing = from.verifyOutgoing;
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

        EncryptionConfig build() {
            return new EncryptionConfig(keyring, verifyIncoming, verifyOutgoing);
        }
    }
}
