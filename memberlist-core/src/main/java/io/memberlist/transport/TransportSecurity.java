package io.memberlist.transport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a transport are protected.
 *
 * @param protocol that of the last connection, such as {@code TLSv1.3}; empty before the first
 * @param certificateExpiresAt when the first of this member's own certificates ends; null if it has none
 */
public record TransportSecurity(String protocol, @Nullable Instant certificateExpiresAt) {}
