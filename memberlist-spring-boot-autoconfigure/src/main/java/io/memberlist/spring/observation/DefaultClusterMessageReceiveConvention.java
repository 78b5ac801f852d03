package io.memberlist.spring.observation;

import static io.memberlist.spring.observation.ClusterMessageObservation.LowCardinality.OPERATION;
import static io.memberlist.spring.observation.ClusterMessageObservation.LowCardinality.TOPIC;

import io.memberlist.spring.observation.ClusterMessageObservation.HighCardinality;
import io.micrometer.common.KeyValues;

/** The default names and key values of the observations of received messages. */
public class DefaultClusterMessageReceiveConvention implements ClusterMessageReceiveConvention {
    /** Creates the convention. */
    public DefaultClusterMessageReceiveConvention() {}

    @Override
    public String getName() {
        return "memberlist.message.receive";
    }

    @Override
    public String getContextualName(ClusterMessageReceiverContext context) {
        return context.message().topic() + " receive";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ClusterMessageReceiverContext context) {
        return KeyValues.of(
                OPERATION.withValue(
                        ClusterMessageObservation.operation(context.message().kind())),
                TOPIC.withValue(context.message().topic()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ClusterMessageReceiverContext context) {
        return KeyValues.of(
                HighCardinality.PEER.withValue(context.message().origin()),
                HighCardinality.MESSAGE_ID.withValue(context.message().id().toString()));
    }
}
