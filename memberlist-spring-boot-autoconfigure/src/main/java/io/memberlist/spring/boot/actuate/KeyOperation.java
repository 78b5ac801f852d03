package io.memberlist.spring.boot.actuate;

import io.memberlist.config.Keyring;
import io.memberlist.member.MemberlistException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** A step of a key rotation that an operator requests. Error messages never show a key. */
enum KeyOperation {
    /** Adds the key to those that decrypt. */
    INSTALL_KEY((keyring, text) -> keyring.add(decoded(text))),
    /** Makes the key the one that encrypts. */
    USE_KEY((keyring, text) -> keyring.use(installedOrDecoded(keyring, text))),
    /** Removes the key. */
    REMOVE_KEY((keyring, text) -> keyring.remove(installedOrDecoded(keyring, text)));

    private final BiConsumer<Keyring, String> change;

    KeyOperation(BiConsumer<Keyring, String> change) {
        this.change = change;
    }

    static KeyOperation named(String name) {
        for (KeyOperation operation : values()) {
            if (operation.inWords().equals(name)) {
                return operation;
            }
        }
        throw refused("there is no such operation: use one of "
                + Arrays.stream(values()).map(KeyOperation::inWords).collect(Collectors.joining(", ")));
    }

    /** {@return the fingerprints of the keys afterwards} */
    List<String> apply(@Nullable Keyring keyring, @Nullable String text) {
        if (keyring == null) {
            throw refused(
                    "this member has no keys, so none can be changed: set memberlist.encryption.keys and restart");
        }
        if (text == null || text.isBlank()) {
            throw refused("'key' is missing or empty: give 16, 24 or 32 bytes in Base64");
        }
        try {
            change.accept(keyring, text.strip());
        } catch (MemberlistException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        return keyring.fingerprints();
    }

    private String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A fingerprint has eight hexadecimal digits. Read as Base64 these are six bytes, which is no length of a key. */
    static boolean isFingerprint(String text) {
        return text.matches("[0-9a-fA-F]{8}");
    }

    private static byte[] installedOrDecoded(Keyring keyring, String text) {
        if (!isFingerprint(text)) {
            return decoded(text);
        }
        return keyring.keys().stream()
                .filter(key -> Keyring.fingerprint(key).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> refused(
                        "no key with the fingerprint " + text + " is installed: there are " + keyring.fingerprints()));
    }

    static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // without the cause, which quotes a part of the key
            throw refused("'key' is not Base64: give 16, 24 or 32 bytes in Base64");
        }
    }

    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }
}
