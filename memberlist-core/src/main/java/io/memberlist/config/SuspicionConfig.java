package io.memberlist.config;

/**
 * How long a member that does not answer stays suspected before it counts as failed.
 *
 * @param multiplier the factor of the shortest suspicion, which is this times max(1, log10(members)) probe intervals
 * @param maxTimeoutMultiplier how many times longer than the shortest a suspicion lasts that no other member confirms
 * @param awarenessMaxMultiplier the bound of the local health score, which stretches this member's own timeouts; the
 *     score stays below it
 */
public record SuspicionConfig(int multiplier, int maxTimeoutMultiplier, int awarenessMaxMultiplier) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public SuspicionConfig {
        ConfigRules.range("suspicion.multiplier", multiplier, 1, 1000);
        ConfigRules.range("suspicion.maxTimeoutMultiplier", maxTimeoutMultiplier, 1, 1000);
        ConfigRules.range("suspicion.awarenessMaxMultiplier", awarenessMaxMultiplier, 1, 1000);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private int multiplier = 4;
        private int maxTimeoutMultiplier = 6;
        private int awarenessMaxMultiplier = 8;

        Builder() {}

        Builder(SuspicionConfig from) {
            multiplier = from.multiplier;
            maxTimeoutMultiplier = from.maxTimeoutMultiplier;
            awarenessMaxMultiplier = from.awarenessMaxMultiplier;
        }

        /**
         * Sets the factor of the shortest suspicion, 1 to 1000. It lasts this times max(1, log10(members)) probe
         * intervals.
         */
        public Builder multiplier(int multiplier) {
            this.multiplier = multiplier;
            return this;
        }

        /**
         * Sets how many times longer than the shortest a suspicion lasts that no other member confirms, 1 to 1000.
         */
        public Builder maxTimeoutMultiplier(int maxTimeoutMultiplier) {
            this.maxTimeoutMultiplier = maxTimeoutMultiplier;
            return this;
        }

        /**
         * Sets the bound of the local health score, 1 to 1000. The score stays below it; it stretches this member's own
         * timeouts (Lifeguard).
         */
        public Builder awarenessMaxMultiplier(int awarenessMaxMultiplier) {
            this.awarenessMaxMultiplier = awarenessMaxMultiplier;
            return this;
        }

        SuspicionConfig build() {
            return new SuspicionConfig(multiplier, maxTimeoutMultiplier, awarenessMaxMultiplier);
        }
    }
}
