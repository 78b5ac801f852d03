package io.memberlist.config;

/**
 * How much a member accepts from others and holds for them, so that none of them can exhaust it.
 *
 * @param userMessageSize the most bytes in one user message on a stream
 * @param userStateSize the most bytes of application state in one push/pull
 * @param maxMembers the most members that are known, in whatever state; beyond, a newcomer takes the place of one that has
 *     never answered, or is not taken in, and is counted
 * @param pushPullNodes the most members in one push/pull
 * @param pushPullsServed how many push/pulls are served at the same time, no more than half of them for one address;
 *     beyond that others are turned away and counted. Newcomers are answered together, and do not count
 * @param decompressedSize the most bytes that one compressed message may unpack to
 * @param encryptedFrameSize the most bytes in one encrypted message on a stream
 * @param handoffQueueDepth how many user messages may wait for the
 *     application; more are dropped and counted
 * @param joinConcurrency how many seeds are contacted at the same time
 */
public record LimitsConfig(
        int userMessageSize,
        int userStateSize,
        int maxMembers,
        int pushPullNodes,
        int pushPullsServed,
        int decompressedSize,
        int encryptedFrameSize,
        int handoffQueueDepth,
        int joinConcurrency) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public LimitsConfig {
        ConfigRules.range("limits.userMessageSize", userMessageSize, 1, 1 << 30);
        ConfigRules.range("limits.userStateSize", userStateSize, 1, 1 << 30);
        ConfigRules.range("limits.maxMembers", maxMembers, 2, 1 << 24);
        ConfigRules.range("limits.pushPullNodes", pushPullNodes, 1, 1 << 24);
        ConfigRules.range("limits.pushPullsServed", pushPullsServed, 1, 1 << 16);
        ConfigRules.range("limits.decompressedSize", decompressedSize, 1, 1 << 30);
        ConfigRules.range("limits.encryptedFrameSize", encryptedFrameSize, 1, 1 << 30);
        ConfigRules.range("limits.handoffQueueDepth", handoffQueueDepth, 1, 1 << 20);
        ConfigRules.range("limits.joinConcurrency", joinConcurrency, 1, 1024);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private int userMessageSize = 20 * 1024 * 1024;
        private int userStateSize = 20 * 1024 * 1024;
        private int maxMembers = 16 * 1024;
        private int pushPullNodes = 64 * 1024;
        private int pushPullsServed = 128;
        private int decompressedSize = 40 * 1024 * 1024;
        private int encryptedFrameSize = 20 * 1024 * 1024;
        private int handoffQueueDepth = 1024;
        private int joinConcurrency = 8;

        Builder() {}

        Builder(LimitsConfig from) {
            userMessageSize = from.userMessageSize;
            userStateSize = from.userStateSize;
            maxMembers = from.maxMembers;
            pushPullNodes = from.pushPullNodes;
            pushPullsServed = from.pushPullsServed;
            decompressedSize = from.decompressedSize;
            encryptedFrameSize = from.encryptedFrameSize;
            handoffQueueDepth = from.handoffQueueDepth;
            joinConcurrency = from.joinConcurrency;
        }

        /** Sets the most bytes in one user message on a stream, 1 to 2^30. */
        public Builder userMessageSize(int userMessageSize) {
            this.userMessageSize = userMessageSize;
            return this;
        }

        /** Sets the most bytes of application state in one push/pull, 1 to 2^30. */
        public Builder userStateSize(int userStateSize) {
            this.userStateSize = userStateSize;
            return this;
        }

        /**
         * Sets the most members that are known, in whatever state, 2 to 2^24. Anybody who reaches the port of a member can
         * announce others that do not exist; each is gossiped on, probed, and sent with every push/pull. Beyond the
         * limit, a newcomer takes the place of a member that has never answered, or is not taken in, and is counted.
         */
        public Builder maxMembers(int maxMembers) {
            this.maxMembers = maxMembers;
            return this;
        }

        /** Sets the most members in one push/pull, 1 to 2^24. */
        public Builder pushPullNodes(int pushPullNodes) {
            this.pushPullNodes = pushPullNodes;
            return this;
        }

        /**
         * Sets how many push/pulls are served at the same time, 1 to 65536, no more than half of them for one address.
         * Beyond that others are turned away and counted. Newcomers are answered together, and do not count.
         */
        public Builder pushPullsServed(int pushPullsServed) {
            this.pushPullsServed = pushPullsServed;
            return this;
        }

        /** Sets the most bytes that one compressed message may unpack to, 1 to 2^30. */
        public Builder decompressedSize(int decompressedSize) {
            this.decompressedSize = decompressedSize;
            return this;
        }

        /** Sets the most bytes in one encrypted message on a stream, 1 to 2^30. */
        public Builder encryptedFrameSize(int encryptedFrameSize) {
            this.encryptedFrameSize = encryptedFrameSize;
            return this;
        }

        /**
         * Sets how many user messages may wait for the application, 1 to 2^20.
         * More are dropped and counted.
         */
        public Builder handoffQueueDepth(int handoffQueueDepth) {
            this.handoffQueueDepth = handoffQueueDepth;
            return this;
        }

        /** Sets how many seeds are contacted at the same time, 1 to 1024. */
        public Builder joinConcurrency(int joinConcurrency) {
            this.joinConcurrency = joinConcurrency;
            return this;
        }

        LimitsConfig build() {
            return new LimitsConfig(
                    userMessageSize,
                    userStateSize,
                    maxMembers,
                    pushPullNodes,
                    pushPullsServed,
                    decompressedSize,
                    encryptedFrameSize,
                    handoffQueueDepth,
                    joinConcurrency);
        }
    }
}
