package io.memberlist.messaging.keys;

import io.memberlist.config.Keyring;
import io.memberlist.messaging.message.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A step that a member asks another one to do, as text: {@code list}, {@code install KEY}, {@code use FINGERPRINT} or
 * {@code remove FINGERPRINT}. The answer has the fingerprints of the keys afterwards, the primary's first, with commas between
 * them. The key is in Base64; a request travels encrypted.
 */
public final class KeyRequest {
    /** The topic of the requests. */
    public static final String TOPIC = "memberlist.keys";

    /** Each key is tried on what arrives, so a peer cannot have any number installed. */
    private static final int MAX_KEYS = 16;

    private static final int MAX_BYTES = 64;
    private static final int FINGERPRINT_DIGITS = 8;

    private KeyRequest() {}

    /** {@return a request for the fingerprints} */
    public static byte[] list() {
        return text("list");
    }

    /** {@return a request to add a key} */
    public static byte[] install(byte[] key) {
        return text("install " + Base64.getEncoder().encodeToString(key));
    }

    /** {@return a request to encrypt with an installed key} */
    public static byte[] use(String fingerprint) {
        return text("use " + fingerprint);
    }

    /** {@return a request to remove a key} */
    public static byte[] remove(String fingerprint) {
        return text("remove " + fingerprint);
    }

    /**
     * Does what a request says.
     *
     * @return the answer
     * @throws io.memberlist.member.MemberlistException if the keyring cannot do it; the message shows no key
     */
    public static byte[] apply(byte[] request, Keyring keyring) {
        if (request.length > MAX_BYTES) {
            throw unknown();
        }
        String[] words = new String(request, StandardCharsets.US_ASCII).split(" ", 2);
        String argument = words.length == 2 ? words[1] : "";
        switch (words[0]) {
            case "list" -> {}
            case "install" -> install(keyring, argument);
            case "use" -> keyring.use(installed(keyring, argument));
            case "remove" -> remove(keyring, argument);
            default -> throw unknown();
        }
        return text(String.join(",", keyring.fingerprints()));
    }

    /** {@return the fingerprints in an answer} */
    public static List<String> fingerprints(byte[] answer) {
        return Arrays.stream(new String(answer, StandardCharsets.US_ASCII).split(","))
                .filter(text -> text.matches("[0-9a-f]{" + FINGERPRINT_DIGITS + "}"))
                .toList();
    }

    private static void install(Keyring keyring, String base64) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // without the cause, which quotes a part of the key
            throw unknown();
        }
        if (keyring.keys().size() >= MAX_KEYS && !keyring.fingerprints().contains(Keyring.fingerprint(key))) {
            throw new MessagingException("there are " + MAX_KEYS + " keys already: remove one first");
        }
        keyring.add(key);
    }

    private static void remove(Keyring keyring, String fingerprint) {
        if (keyring.fingerprints().contains(fingerprint)) {
            keyring.remove(installed(keyring, fingerprint));
        }
    }

    private static byte[] installed(Keyring keyring, String fingerprint) {
        return keyring.keys().stream()
                .filter(key -> Keyring.fingerprint(key).equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new MessagingException("no key with the fingerprint "
                        + (fingerprint.matches("[0-9a-f]{8}") ? fingerprint : "that was sent")
                        + " is installed"));
    }

    private static MessagingException unknown() {
        return new MessagingException("this is no request about keys that is known here");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
