package io.memberlist.config;

import io.memberlist.member.MemberlistException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a member listens, how others reach it, and what it accepts from them.
 *
 * @param bindAddress the address to listen at: an IP address or a host name; {@code 0.0.0.0} and {@code ::} mean all
 * @param bindPort the port for packets and streams; 0 to pick a free one
 * @param advertiseAddress the address that other members use: an IP address or a host name; null for the bound one, or
 *     for one of this machine's where all are bound: first the private address of the interface with the default route
 * @param advertiseInterface the name of the network interface whose address other members use; null for any
 * @param advertiseNetwork the network in which the address that other members use lies; null for any
 * @param advertisePort the port that other members use; 0 for the bound one
 * @param tcpTimeout how long connecting, and then each exchange on a stream, may take
 * @param udpBufferSize the size of the largest packet sent, in bytes
 * @param label the cluster label; traffic with another label is discarded; empty for none
 * @param skipInboundLabelCheck whether the label of incoming traffic is not checked, because the transport has already
 *     checked and removed it
 * @param acceptedLabels other labels that are accepted as well, while the label of a running cluster changes
 * @param acceptUnlabelled whether traffic without a label is accepted as well, while the label of a running cluster
 *     changes
 * @param allowedNetworks the networks that members may come from; null for all, empty for none
 * @param requireNodeNames whether seeds must be given as {@code name/host:port}, so that nobody is contacted at a bare
 *     address
 * @param dnsConfigPath the file that names the name servers, for look-ups that ask them directly
 */
public record NetworkConfig(
        String bindAddress,
        int bindPort,
        @Nullable String advertiseAddress,
        @Nullable String advertiseInterface,
        @Nullable Cidr advertiseNetwork,
        int advertisePort,
        Duration tcpTimeout,
        int udpBufferSize,
        String label,
        boolean skipInboundLabelCheck,
        List<String> acceptedLabels,
        boolean acceptUnlabelled,
        @Nullable List<Cidr> allowedNetworks,
        boolean requireNodeNames,
        String dnsConfigPath) {
    /** The port for packets and streams where no other is chosen: 7946, as in the Go library. */
    public static final int DEFAULT_PORT = 7946;

    /**
     * Checks the bounds of each setting.
     *
     * @throws io.memberlist.member.InvalidSettingException if a setting is out of its bounds; the message names it,
     *     the limit and the remedy
     */
    public NetworkConfig {
        ConfigRules.notBlank("network.bindAddress", bindAddress);
        ConfigRules.range("network.bindPort", bindPort, 0, 65535);
        if (advertiseAddress != null) {
            ConfigRules.notBlank("network.advertiseAddress", advertiseAddress);
        }
        if (advertiseInterface != null) {
            ConfigRules.notBlank("network.advertiseInterface", advertiseInterface);
        }
        ConfigRules.range("network.advertisePort", advertisePort, 0, 65535);
        ConfigRules.positive("network.tcpTimeout", tcpTimeout);
        ConfigRules.range("network.udpBufferSize", udpBufferSize, 512, 65507);
        ConfigRules.label("network.label", label);
        acceptedLabels = List.copyOf(acceptedLabels);
        ConfigRules.acceptedLabels(acceptedLabels);
        allowedNetworks = allowedNetworks == null ? null : List.copyOf(allowedNetworks);
        ConfigRules.notBlank("network.dnsConfigPath", dnsConfigPath);
    }

    /** {@return whether an interface or a network is set in which the advertised address lies} */
    public boolean choosesAdvertised() {
        return advertiseInterface != null || advertiseNetwork != null;
    }

    /** Makes these settings; the bounds are checked when the configuration is built. */
    public static final class Builder {
        private String bindAddress = "0.0.0.0";
        private int bindPort = DEFAULT_PORT;
        private @Nullable String advertiseAddress;
        private @Nullable String advertiseInterface;
        private @Nullable Cidr advertiseNetwork;
        private int advertisePort = 0;
        private Duration tcpTimeout = Duration.ofSeconds(10);
        private int udpBufferSize = 1400;
        private String label = "";
        private boolean skipInboundLabelCheck = false;
        private List<String> acceptedLabels = List.of();
        private boolean acceptUnlabelled = false;
        private @Nullable List<Cidr> allowedNetworks;
        private boolean requireNodeNames = false;
        private String dnsConfigPath = "/etc/resolv.conf";

        Builder() {}

        Builder(NetworkConfig from) {
            bindAddress = from.bindAddress;
            bindPort = from.bindPort;
            advertiseAddress = from.advertiseAddress;
            advertiseInterface = from.advertiseInterface;
            advertiseNetwork = from.advertiseNetwork;
            advertisePort = from.advertisePort;
            tcpTimeout = from.tcpTimeout;
            udpBufferSize = from.udpBufferSize;
            label = from.label;
            skipInboundLabelCheck = from.skipInboundLabelCheck;
            acceptedLabels = from.acceptedLabels;
            acceptUnlabelled = from.acceptUnlabelled;
            allowedNetworks = from.allowedNetworks;
            requireNodeNames = from.requireNodeNames;
            dnsConfigPath = from.dnsConfigPath;
        }

        /**
         * Sets the address to listen at: an IP address or a host name. {@code 0.0.0.0} and {@code ::} mean all
         * addresses of this machine.
         */
        public Builder bindAddress(String bindAddress) {
            this.bindAddress = bindAddress;
            return this;
        }

        /** Sets the port for packets and streams, 0 to 65535. 0 picks a free one. */
        public Builder bindPort(int bindPort) {
            this.bindPort = bindPort;
            return this;
        }

        /**
         * Sets the address that other members use: an IP address or a host name. Null means the bound address, or one of
         * this machine's where all are bound: first the private address of the interface with the default route.
         */
        public Builder advertiseAddress(@Nullable String advertiseAddress) {
            this.advertiseAddress = advertiseAddress;
            return this;
        }

        /**
         * Sets the name of the network interface whose address other members use, such as {@code eth0}. For a machine with
         * several, where all addresses are bound. Null means any.
         */
        public Builder advertiseInterface(@Nullable String advertiseInterface) {
            this.advertiseInterface = advertiseInterface;
            return this;
        }

        /**
         * Sets the network in which the address that other members use lies. For a machine with several, where all
         * addresses are bound. Null means any.
         */
        public Builder advertiseNetwork(@Nullable Cidr advertiseNetwork) {
            this.advertiseNetwork = advertiseNetwork;
            return this;
        }

        /** Sets the port that other members use, 0 to 65535. 0 means the bound port. */
        public Builder advertisePort(int advertisePort) {
            this.advertisePort = advertisePort;
            return this;
        }

        /** Sets how long connecting, and then each exchange on a stream, may take. Must be longer than zero. */
        public Builder tcpTimeout(Duration tcpTimeout) {
            this.tcpTimeout = tcpTimeout;
            return this;
        }

        /**
         * Sets the size of the largest packet sent, 512 to 65507 bytes. A packet above the MTU of the network is
         * fragmented.
         */
        public Builder udpBufferSize(int udpBufferSize) {
            this.udpBufferSize = udpBufferSize;
            return this;
        }

        /**
         * Sets the cluster label, at most 255 bytes in UTF-8. Traffic with another label is discarded. Empty means
         * none.
         */
        public Builder label(String label) {
            this.label = label;
            return this;
        }

        /**
         * Sets whether the label of incoming traffic is not checked, because the transport has already checked and
         * removed it.
         */
        public Builder skipInboundLabelCheck(boolean skipInboundLabelCheck) {
            this.skipInboundLabelCheck = skipInboundLabelCheck;
            return this;
        }

        /**
         * Sets other labels that are accepted as well, each of 1 to 255 bytes in UTF-8. None by default. A member that
         * accepts several labels sends to each member with the label that it received last from that address, and with
         * {@link #label} to others. This is for the time in which the label of a running cluster changes. It has no
         * effect with {@link #skipInboundLabelCheck}.
         */
        public Builder acceptedLabels(List<String> acceptedLabels) {
            this.acceptedLabels = acceptedLabels;
            return this;
        }

        /** Sets whether traffic without a label is accepted as well, like that with one of {@link #acceptedLabels}. */
        public Builder acceptUnlabelled(boolean acceptUnlabelled) {
            this.acceptUnlabelled = acceptUnlabelled;
            return this;
        }

        /** Sets the networks that members may come from. Null allows all, an empty list allows none. */
        public Builder allowedNetworks(@Nullable List<Cidr> allowedNetworks) {
            this.allowedNetworks = allowedNetworks;
            return this;
        }

        /**
         * Sets the networks that members may come from, each as {@code 10.0.0.0/8} or {@code fd00::/8}.
         *
         * @throws MemberlistException if one is no network; the message names it
         */
        public Builder allowedNetworks(String... networks) {
            return allowedNetworks(Stream.of(networks).map(Cidr::parse).toList());
        }

        /**
         * Sets whether seeds must be given as {@code name/host:port}, so that nobody is contacted at a bare address.
         * For transports that route by name.
         */
        public Builder requireNodeNames(boolean requireNodeNames) {
            this.requireNodeNames = requireNodeNames;
            return this;
        }

        /**
         * Sets the file that names the name servers, for look-ups that ask them directly. It is read again for each
         * look-up.
         */
        public Builder dnsConfigPath(String dnsConfigPath) {
            this.dnsConfigPath = dnsConfigPath;
            return this;
        }

        NetworkConfig build() {
            return new NetworkConfig(
                    bindAddress,
                    bindPort,
                    advertiseAddress,
                    advertiseInterface,
                    advertiseNetwork,
                    advertisePort,
                    tcpTimeout,
                    udpBufferSize,
                    label,
                    skipInboundLabelCheck,
                    acceptedLabels,
                    acceptUnlabelled,
                    allowedNetworks,
                    requireNodeNames,
                    dnsConfigPath);
        }
    }
}
