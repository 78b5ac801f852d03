package io.memberlist.sample.web;

import io.memberlist.sample.SampleProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps pages of other sites out. There is no login, so that a request counts if it comes from this page, or from a
 * program that is no browser.
 *
 * <p>The Host header must name this server: another site could let its own name point to this address (DNS rebinding),
 * and its page would then have the same origin. A browser names the origin of every request that changes something, and
 * that must be this one. What a form of another site could send without an origin in an old browser is refused by the
 * content type: all actions want JSON.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestGuard extends OncePerRequestFilter {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final SampleProperties properties;
    private final JsonMapper json;

    RequestGuard(SampleProperties properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Referrer-Policy", "no-referrer");
        String refusal = refusal(request);
        if (refusal == null) {
            chain.doFilter(request, response);
        } else {
            response.setStatus(HttpStatus.FORBIDDEN.value());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding("UTF-8");
            response.getWriter()
                    .write(json.writeValueAsString(ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, refusal)));
        }
    }

    private @Nullable String refusal(HttpServletRequest request) {
        String host = request.getServerName().toLowerCase(Locale.ROOT);
        if (!isOwn(host, request.getLocalAddr())) {
            return "The Host header names '" + host + "', which is no name of this server: use localhost, or add the"
                    + " name to sample.allowed-hosts.";
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isOwnOrigin(origin, request.getHeader(HttpHeaders.HOST))) {
            return "The request comes from a page of " + origin + ": only the page of this server may send it.";
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !OWN_SITE.contains(site) && !READING.contains(request.getMethod())) {
            return "The request comes from a page of another site: only the page of this server may send it.";
        }
        return null;
    }

    private boolean isOwn(String host, String localAddress) {
        if (host.equals("localhost") || host.endsWith(".localhost") || isAllowed(host)) {
            return true;
        }
        InetAddress address = literal(host);
        return address != null && (address.isLoopbackAddress() || address.equals(literal(localAddress)));
    }

    private boolean isAllowed(String host) {
        return properties.allowedHosts().stream().anyMatch(host::equalsIgnoreCase);
    }

    /** {@return the address that the text spells out, null for a name, which is not resolved} */
    private static @Nullable InetAddress literal(String host) {
        try {
            return host.matches("[0-9.]+|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?") ? InetAddress.getByName(host) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The scheme is left out: a proxy in front of this server may speak another one. */
    private static boolean isOwnOrigin(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
