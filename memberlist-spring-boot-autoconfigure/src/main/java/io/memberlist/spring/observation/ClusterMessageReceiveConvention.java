package io.memberlist.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and key values of the observations of handling what arrived. A bean of this type takes the place of the default one. */
public interface ClusterMessageReceiveConvention extends ObservationConvention<ClusterMessageReceiverContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ClusterMessageReceiverContext;
    }
}
