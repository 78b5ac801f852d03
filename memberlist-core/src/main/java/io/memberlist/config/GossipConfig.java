package io.memberlist.config;

import java.time.Duration;

/**
 * How a member spreads news by gossip.
 *
 * @param interval the time between rounds of gossip; zero for no gossip
 * @param nodes how many members get gossip in a round
 * @param toTheDeadTime how long a failed member is remembered and still gets gossip
 * @param retransmitMultiplier the factor of retransmissions: each message is sent this times ceil(log10(members + 1))
 *     times
 * @param queueCheckInterval the time between checks of the length of the broadcast queue
 */
public record GossipConfig(
        Duration interval, int nodes, Duration toTheDeadTime, int retransmitMultiplier, Duration queueCheckInterval) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public GossipConfig {
        ConfigRules.notNegative("gossip.interval", interval);
        ConfigRules.range("gossip.nodes", nodes, 0, 255);
        ConfigRules.notNegative("gossip.toTheDeadTime", toTheDeadTime);
        ConfigRules.range("gossip.retransmitMultiplier", retransmitMultiplier, 1, 1000);
        ConfigRules.positive("gossip.queueCheckInterval", queueCheckInterval);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private Duration interval = Duration.ofMillis(200);
        private int nodes = 3;
        private Duration toTheDeadTime = Duration.ofSeconds(30);
        private int retransmitMultiplier = 4;
        private Duration queueCheckInterval = Duration.ofSeconds(30);

        Builder() {}

        Builder(GossipConfig from) {
            interval = from.interval;
            nodes = from.nodes;
            toTheDeadTime = from.toTheDeadTime;
            retransmitMultiplier = from.retransmitMultiplier;
            queueCheckInterval = from.queueCheckInterval;
        }

        /** Sets the time between rounds of gossip. Zero means no gossip. */
        public Builder interval(Duration interval) {
            this.interval = interval;
            return this;
        }

        /** Sets how many members get gossip in a round, 0 to 255. */
        public Builder nodes(int nodes) {
            this.nodes = nodes;
            return this;
        }

        /**
         * Sets how long a failed member is remembered and still gets gossip, so that it can refute its failure.
         */
        public Builder toTheDeadTime(Duration toTheDeadTime) {
            this.toTheDeadTime = toTheDeadTime;
            return this;
        }

        /**
         * Sets the factor of retransmissions, 1 to 1000. Each message is sent this times ceil(log10(members + 1))
         * times.
         */
        public Builder retransmitMultiplier(int retransmitMultiplier) {
            this.retransmitMultiplier = retransmitMultiplier;
            return this;
        }

        /** Sets the time between checks of the length of the broadcast queue. Must be longer than zero. */
        public Builder queueCheckInterval(Duration queueCheckInterval) {
            this.queueCheckInterval = queueCheckInterval;
            return this;
        }

        GossipConfig build() {
            return new GossipConfig(interval, nodes, toTheDeadTime, retransmitMultiplier, queueCheckInterval);
        }
    }
}
