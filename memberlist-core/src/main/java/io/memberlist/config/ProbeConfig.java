package io.memberlist.config;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a member probes the others to detect failures.
 *
 * @param interval the time between probes
 * @param timeout how long a direct ping may take before other members are asked to ping
 * @param indirectChecks how many members are asked to ping a member that did not answer; 0 for none
 * @param disableStreamPings whether no member is pinged over a stream when packets get no answer
 * @param disableStreamPingsFor the test, by name, of the members that are never pinged over a stream
 */
public record ProbeConfig(
        Duration interval,
        Duration timeout,
        int indirectChecks,
        boolean disableStreamPings,
        Predicate<String> disableStreamPingsFor) {
    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public ProbeConfig {
        ConfigRules.positive("probe.interval", interval);
        ConfigRules.positive("probe.timeout", timeout);
        ConfigRules.notAbove("probe.timeout", timeout, "probe.interval", interval);
        ConfigRules.range("probe.indirectChecks", indirectChecks, 0, 255);
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private Duration interval = Duration.ofSeconds(1);
        private Duration timeout = Duration.ofMillis(500);
        private int indirectChecks = 3;
        private boolean disableStreamPings = false;
        private Predicate<String> disableStreamPingsFor = name -> false;

        Builder() {}

        Builder(ProbeConfig from) {
            interval = from.interval;
            timeout = from.timeout;
            indirectChecks = from.indirectChecks;
            disableStreamPings = from.disableStreamPings;
            disableStreamPingsFor = from.disableStreamPingsFor;
        }

        /** Sets the time between probes. Must be longer than zero. */
        public Builder interval(Duration interval) {
            this.interval = interval;
            return this;
        }

        /**
         * Sets how long a direct ping may take before other members are asked to ping. Must be longer than zero, and
         * not longer than the interval.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /** Sets how many members are asked to ping a member that did not answer, 0 to 255. */
        public Builder indirectChecks(int indirectChecks) {
            this.indirectChecks = indirectChecks;
            return this;
        }

        /** Sets whether no member is pinged over a stream when packets get no answer. */
        public Builder disableStreamPings(boolean disableStreamPings) {
            this.disableStreamPings = disableStreamPings;
            return this;
        }

        /**
         * Sets the test, by name, of the members that are never pinged over a stream. It is called on the event loop
         * and must not block.
         */
        public Builder disableStreamPingsFor(Predicate<String> disableStreamPingsFor) {
            this.disableStreamPingsFor = disableStreamPingsFor;
            return this;
        }

        ProbeConfig build() {
            return new ProbeConfig(interval, timeout, indirectChecks, disableStreamPings, disableStreamPingsFor);
        }
    }
}
