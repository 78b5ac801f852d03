package io.memberlist.spring.observation;

import static io.memberlist.spring.observation.ClusterMessageObservation.LowCardinality.OPERATION;
import static io.memberlist.spring.observation.ClusterMessageObservation.LowCardinality.TOPIC;

import io.memberlist.spring.observation.ClusterMessageObservation.HighCardinality;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/** The default names and key values of the observations of sent messages. */
public class DefaultClusterMessageSendConvention implements ClusterMessageSendConvention {
    /** Creates the convention. */
    public DefaultClusterMessageSendConvention() {}

    @Override
    public String getName() {
        return "memberlist.message.send";
    }

    @Override
    public String getContextualName(ClusterMessageSenderContext context) {
        return context.topic() + " " + ClusterMessageObservation.operation(context.messageKind());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ClusterMessageSenderContext context) {
        return KeyValues.of(
                OPERATION.withValue(ClusterMessageObservation.operation(context.messageKind())),
                TOPIC.withValue(context.topic()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ClusterMessageSenderContext context) {
        String receiver = context.receiver();
        return receiver == null
                ? KeyValues.empty()
                : KeyValues.of(KeyValue.of(HighCardinality.PEER.asString(), receiver));
    }
}
