package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Keyring;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the keys. Error messages name the index of a key in the list and its length, never the key. */
final class EncryptionKeys {
    private static final Pattern UNRESOLVED = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}");

    private EncryptionKeys() {}

    static Keyring keyring(List<String> texts) {
        if (texts.isEmpty()) {
            // Most often a secret is missing. Starting without encryption would be the worst reaction.
            throw new InvalidMemberlistPropertyException(
                    "memberlist.encryption.keys",
                    "it is set, and empty",
                    "give it a key, as made by 'openssl rand -base64 32', or take the property away to go without"
                            + " encryption");
        }
        Keyring keyring = Keyring.of(key(texts, 0));
        for (int i = 1; i < texts.size(); i++) {
            keyring.add(key(texts, i));
        }
        return keyring;
    }

    private static byte[] key(List<String> texts, int index) {
        String property = "memberlist.encryption.keys[" + index + "]";
        String remedy = "give it 16, 24 or 32 random bytes in Base64, for AES-128, -192 or -256, as made by"
                + " 'openssl rand -base64 32'";
        String text = texts.get(index).strip();
        if (UNRESOLVED.matcher(text).matches()) {
            // binding leaves an unresolved placeholder as it is; its name is no secret
            throw new InvalidMemberlistPropertyException(
                    property,
                    "the placeholder " + text + " has no value",
                    "set the environment variable or property that it names to a key, as made by 'openssl rand -base64 32'");
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // without the cause, which quotes a part of the key
            throw new InvalidMemberlistPropertyException(property, "it is not Base64", remedy);
        }
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new InvalidMemberlistPropertyException(
                    property, "it has " + key.length + " bytes, and a key must have 16, 24 or 32", remedy);
        }
        return key;
    }
}
