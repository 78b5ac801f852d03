package io.memberlist.spring.boot.actuate;

import io.memberlist.Memberlist;
import io.memberlist.transport.TransportSecurity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What carries a member's packets and streams.
 *
 * @param type such as udp or tls
 * @param tls the protocol of the last connection, such as TLSv1.3; null without TLS, or before the first connection
 * @param certificateExpiresAt when the first of the member's own certificates ends; null if it has none
 */
public record TransportDescriptor(
        String type, @Nullable String tls, @Nullable Instant certificateExpiresAt) {
    static TransportDescriptor of(Memberlist memberlist) {
        TransportSecurity security = memberlist.transportSecurity().orElse(null);
        return security == null
                ? new TransportDescriptor(memberlist.transport(), null, null)
                : new TransportDescriptor(
                        memberlist.transport(),
                        security.protocol().isEmpty() ? null : security.protocol(),
                        security.certificateExpiresAt());
    }
}
