package io.memberlist.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Gives the observations of received messages their names and key values. A bean of this type replaces the default one. */
public interface ClusterMessageReceiveConvention extends ObservationConvention<ClusterMessageReceiverContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ClusterMessageReceiverContext;
    }
}
