package io.memberlist.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Gives the observations of sent messages their names and key values. A bean of this type replaces the default one. */
public interface ClusterMessageSendConvention extends ObservationConvention<ClusterMessageSenderContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ClusterMessageSenderContext;
    }
}
