package io.memberlist.spring.observation;

import io.memberlist.messaging.message.MessageKind;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of cluster messages. */
public enum ClusterMessageObservation implements ObservationDocumentation {
    /** The sending of a message until the network has taken it, or of a request until its answer has arrived. */
    SEND(DefaultClusterMessageSendConvention.class),

    /** The handling of a message by all its listeners, or of a request until its answer is complete. */
    RECEIVE(DefaultClusterMessageReceiveConvention.class);

    private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

    ClusterMessageObservation(Class<? extends ObservationConvention<? extends Observation.Context>> convention) {
        this.convention = convention;
    }

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return convention;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return LowCardinality.values();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return HighCardinality.values();
    }

    /** {@return the value of {@link LowCardinality#OPERATION}} */
    static String operation(MessageKind kind) {
        return switch (kind) {
            case BROADCAST -> "broadcast";
            case DIRECT -> "send";
            case REQUEST, ANSWER -> "request";
        };
    }

    /** Keys with a small number of possible values. */
    public enum LowCardinality implements KeyName {
        /** {@code broadcast}, {@code send} or {@code request}. */
        OPERATION("memberlist.operation"),

        /** The topic. */
        TOPIC("memberlist.topic");

        private final String key;

        LowCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys with any number of possible values. */
    public enum HighCardinality implements KeyName {
        /** The name of the member that a message goes to or comes from; absent where it goes to all members. */
        PEER("memberlist.peer"),

        /** The id that distinguishes a message that arrived from every other message. */
        MESSAGE_ID("memberlist.message.id");

        private final String key;

        HighCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
