package io.memberlist.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/**
 * An endpoint of the application beside the starter's {@code /actuator/members}: {@code GET /actuator/clusterlog}
 * returns the log of events. It is exposed by its id in {@code management.endpoints.web.exposure.include}.
 */
@Component
@Endpoint(id = "clusterlog")
record ClusterLogEndpoint(ClusterLog log) {
    /** @param kind the kind of entries, such as failed or left; null for all */
    @ReadOperation
    Answer entries(@Nullable String kind) {
        return new Answer(log.entries().stream()
                .filter(entry -> kind == null || kind.equals(entry.kind()))
                .toList());
    }

    record Answer(List<ClusterLog.Entry> entries) implements OperationResponseBody {}
}
