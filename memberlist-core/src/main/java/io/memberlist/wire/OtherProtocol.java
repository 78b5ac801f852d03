package io.memberlist.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells other protocols by their first bytes, of which none is a message type of this one. */
final class OtherProtocol {
    private static final List<String> HTTP =
            List.of("HTTP/", "GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "PRI ");

    private static final int LONGEST = 8;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;

    private OtherProtocol() {}

    /** {@return the name of the protocol in which a stream begins so, or null if it is none of those that are known} */
    static @Nullable String of(byte[] beginning) {
        if (beginning.length < 2) {
            return null;
        }
        if ((beginning[0] == TLS_ALERT || beginning[0] == TLS_HANDSHAKE) && beginning[1] == TLS_MAJOR_VERSION) {
            return "TLS";
        }
        String text = new String(beginning, 0, Math.min(LONGEST, beginning.length), StandardCharsets.ISO_8859_1);
        return HTTP.stream().anyMatch(text::startsWith) ? "HTTP" : null;
    }
}
