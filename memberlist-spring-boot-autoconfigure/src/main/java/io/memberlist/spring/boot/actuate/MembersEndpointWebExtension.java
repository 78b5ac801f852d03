package io.memberlist.spring.boot.actuate;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Adds the reason to the response over HTTP when something is refused. Spring Boot itself answers with status 400 but leaves
 * the reason to its error page, which does not show it by default.
 */
@EndpointWebExtension(endpoint = MembersEndpoint.class)
public class MembersEndpointWebExtension {
    private final MembersEndpoint endpoint;

    /** @param endpoint the endpoint that is extended */
    public MembersEndpointWebExtension(MembersEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * As {@link MembersEndpoint#join}.
     *
     * @param seeds the members to join through
     * @return the seeds that were reached, or the reason with status 400
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> join(@Nullable String seeds) {
        return answer(() -> endpoint.join(seeds));
    }

    /**
     * As {@link MembersEndpoint#changeKeys}.
     *
     * @param operation {@code install-key}, {@code use-key} or {@code remove-key}
     * @param key the key in Base64, or the fingerprint of an installed one
     * @return the fingerprints of the keys, or the reason with status 400
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> changeKeys(@Selector String operation, @Nullable String key) {
        return answer(() -> endpoint.changeKeys(operation, key));
    }

    /**
     * As {@link MembersEndpoint#changeClusterKeys}.
     *
     * @param scope {@code cluster}
     * @param operation {@code list-keys}, {@code install-key}, {@code use-key}, {@code remove-key} or {@code rotate-key}
     * @param key the key in Base64, or the fingerprint of an installed one
     * @param force whether to go on although some members are not ready
     * @return the fingerprints of the keys of each member, or the reason with status 400
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> changeClusterKeys(
            @Selector String scope, @Selector String operation, @Nullable String key, @Nullable Boolean force) {
        return answer(() -> endpoint.changeClusterKeys(scope, operation, key, force));
    }

    private static WebEndpointResponse<OperationResponseBody> answer(Supplier<OperationResponseBody> operation) {
        try {
            return new WebEndpointResponse<>(operation.get());
        } catch (InvalidEndpointRequestException e) {
            return new WebEndpointResponse<>(
                    new RefusalDescriptor(e.getReason()), WebEndpointResponse.STATUS_BAD_REQUEST);
        }
    }

    /**
     * The reason why something was refused.
     *
     * @param error the problem and its remedy
     */
    public record RefusalDescriptor(String error) implements OperationResponseBody {}
}
