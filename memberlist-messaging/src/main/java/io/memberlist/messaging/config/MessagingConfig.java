package io.memberlist.messaging.config;

import io.memberlist.config.ConfigRules;
import java.time.Duration;
import java.util.Set;

/**
 * How cluster messages are sent, kept and put in order.
 *
 * @param queueDepth how many cluster messages may wait to be sent; more are refused
 * @param handlerQueueDepth how many messages may wait for each handler; further broadcasts wait at other members, and
 *     messages to this member are dropped
 * @param requestConcurrency how many requests of a topic a responder is given at the same time
 * @param packetRate how many packets a second cluster messages may take
 * @param directTargets how many members one member sends a broadcast to itself; beyond, the first receivers pass it on
 *     as a tree
 * @param streamConcurrency how many streams are open at the same time for cluster messages
 * @param storeSize how many bytes of broadcasts are kept for members that missed them, and sent ahead of a member that
 *     lacks some
 * @param storeAge how old a broadcast may get: how long it is kept for others, passed on, and its id remembered
 * @param holdBack how long a broadcast waits for an earlier one of the same origin and topic; zero for not at all
 * @param maxOrigins the most origins whose messages are told apart; the one that was silent longest is forgotten
 * @param topicsWithoutHistory the topics of which handlers get no broadcast from before this member was started
 */
public record MessagingConfig(
        int queueDepth,
        int handlerQueueDepth,
        int requestConcurrency,
        int packetRate,
        int directTargets,
        int streamConcurrency,
        int storeSize,
        Duration storeAge,
        Duration holdBack,
        int maxOrigins,
        Set<String> topicsWithoutHistory) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public MessagingConfig {
        ConfigRules.range("messaging.queueDepth", queueDepth, 1, 1 << 20);
        ConfigRules.range("messaging.handlerQueueDepth", handlerQueueDepth, 1, 1 << 20);
        ConfigRules.range("messaging.requestConcurrency", requestConcurrency, 1, 65536);
        ConfigRules.range("messaging.packetRate", packetRate, 1, 1_000_000);
        ConfigRules.range("messaging.directTargets", directTargets, 2, 65535);
        ConfigRules.range("messaging.streamConcurrency", streamConcurrency, 1, 64);
        ConfigRules.range("messaging.storeSize", storeSize, 0, 1 << 30);
        ConfigRules.notNegative("messaging.storeAge", storeAge);
        ConfigRules.notNegative("messaging.holdBack", holdBack);
        ConfigRules.range("messaging.maxOrigins", maxOrigins, 16, 65536);
        topicsWithoutHistory = Set.copyOf(topicsWithoutHistory);
    }

    private static final Duration LIFE_WITHOUT_STORE = Duration.ofMinutes(1);

    /** {@return how old a broadcast may get on its way, and how long its id is remembered} Also where none is kept. */
    public Duration messageLife() {
        return storeAge.isZero() ? LIFE_WITHOUT_STORE : storeAge;
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private int queueDepth = 32768;
        private int handlerQueueDepth = 32768;
        private int requestConcurrency = 8;
        private int packetRate = 10_000;
        private int directTargets = 256;
        private int streamConcurrency = 4;
        private int storeSize = 32 * 1024 * 1024;
        private Duration storeAge = Duration.ofMinutes(5);
        private Duration holdBack = Duration.ofSeconds(1);
        private int maxOrigins = 1024;
        private Set<String> topicsWithoutHistory = Set.of();

        private Builder() {}

        /** Sets how many cluster messages may wait to be sent, 1 to 2^20. More are refused. */
        public Builder queueDepth(int queueDepth) {
            this.queueDepth = queueDepth;
            return this;
        }

        /**
         * Sets how many messages may wait for each handler, 1 to 2^20. Broadcasts beyond that are fetched when there is
         * room; messages to this member are dropped, and are counted.
         */
        public Builder handlerQueueDepth(int handlerQueueDepth) {
            this.handlerQueueDepth = handlerQueueDepth;
            return this;
        }

        /**
         * Sets how many requests of a topic a responder is given at the same time, 1 to 65536. With 1 it need not be safe
         * for several threads. What a responder returns as a future counts only until it has returned it.
         */
        public Builder requestConcurrency(int requestConcurrency) {
            this.requestConcurrency = requestConcurrency;
            return this;
        }

        /** Sets how many packets a second cluster messages may take, 1 to 1000000. */
        public Builder packetRate(int packetRate) {
            this.packetRate = packetRate;
            return this;
        }

        /**
         * Sets how many members one member sends a broadcast to itself, 2 to 65535. Beyond, the first receivers pass it
         * on as a tree.
         */
        public Builder directTargets(int directTargets) {
            this.directTargets = directTargets;
            return this;
        }

        /** Sets how many streams are open at the same time for cluster messages, 1 to 64. */
        public Builder streamConcurrency(int streamConcurrency) {
            this.streamConcurrency = streamConcurrency;
            return this;
        }

        /**
         * Sets how many bytes of broadcasts are kept for members that missed them, 0 to 2^30. A member that lacks some has
         * this one wait before it sends so much more.
         */
        public Builder storeSize(int storeSize) {
            this.storeSize = storeSize;
            return this;
        }

        /**
         * Sets how old a broadcast may get: how long it is kept for others, passed on, and its id remembered. With zero
         * none is kept: what a member missed is not repaired, newcomers receive nothing from before, and ids are remembered
         * for a minute.
         */
        public Builder storeAge(Duration storeAge) {
            this.storeAge = storeAge;
            return this;
        }

        /**
         * Sets how long a broadcast waits for an earlier one of the same origin and topic. Zero means not at all.
         */
        public Builder holdBack(Duration holdBack) {
            this.holdBack = holdBack;
            return this;
        }

        /**
         * Sets the most origins whose messages are told apart, 16 to 65536. The one that was silent longest is
         * forgotten.
         */
        public Builder maxOrigins(int maxOrigins) {
            this.maxOrigins = maxOrigins;
            return this;
        }

        /**
         * Sets the topics of which handlers get no broadcast from before this member was started, as others store them for
         * newcomers. What the member misses while it lives is repaired all the same. None by default.
         */
        public Builder topicsWithoutHistory(Set<String> topics) {
            this.topicsWithoutHistory = topics;
            return this;
        }

        /** {@return the settings} */
        public MessagingConfig build() {
            return new MessagingConfig(
                    queueDepth,
                    handlerQueueDepth,
                    requestConcurrency,
                    packetRate,
                    directTargets,
                    streamConcurrency,
                    storeSize,
                    storeAge,
                    holdBack,
                    maxOrigins,
                    topicsWithoutHistory);
        }
    }
}
