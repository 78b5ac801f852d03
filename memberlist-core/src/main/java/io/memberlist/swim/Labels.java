package io.memberlist.swim;

import io.memberlist.config.NetworkConfig;
import io.memberlist.transport.AddressOrder;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.LabelHeader;
import io.memberlist.wire.NonceSource;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of a member, one pair for each label that it accepts, and the choice between them. Usually there is one label,
 * and no choice. While the label of a running cluster changes there are several: a message is read by the codecs of its
 * label, and a peer is sent the label that it was heard with last. Members of the Go library understand one label only, so
 * those with the old and those with the new one do not hear each other. This member hears and answers both, and so carries
 * their gossip and their indirect pings.
 */
final class Labels {
    private static final int MAX_PEERS = 65536;

    private final Codecs own;
    /** By their label; the own ones come last. */
    private final Map<String, Codecs> accepted = new LinkedHashMap<>();

    private final List<Codecs> ownAlone;
    private final List<Codecs> all;
    private final SortedMap<InetSocketAddress, List<Codecs>> heard = new TreeMap<>(AddressOrder.SOCKETS);

    /** What reads and writes messages of one label. */
    record Codecs(PacketCodec packets, StreamCodec streams) {}

    /** @param format how this member dresses what it sends */
    Labels(WireFormat format, NonceSource nonces, NetworkConfig config) {
        if (!config.skipInboundLabelCheck()) {
            Stream.concat(config.acceptedLabels().stream(), config.acceptUnlabelled() ? Stream.of("") : Stream.empty())
                    .filter(label -> !label.equals(format.label()))
                    .forEach(label -> accepted.put(label, codecs(format.withLabel(label), nonces)));
        }
        own = codecs(format, nonces);
        accepted.put(format.label(), own);
        ownAlone = List.of(own);
        all = List.copyOf(accepted.values());
    }

    private static Codecs codecs(WireFormat format, NonceSource nonces) {
        return new Codecs(new PacketCodec(format, nonces), new StreamCodec(format, nonces));
    }

    /** {@return the most bytes that checksum, encryption and label add to a message or compound} */
    int overhead(Checksum checksum) {
        return all.stream()
                .mapToInt(codecs -> codecs.packets().overhead(checksum))
                .max()
                .orElseThrow();
    }

    /**
     * {@return the codecs that read a message which begins with these bytes, or null where they do not tell yet} Those for the
     * own label refuse a message with a label that is not accepted.
     */
    @Nullable
    Codecs reading(byte[] beginning) {
        if (all.size() == 1) {
            return own;
        }
        String label = LabelHeader.labelOf(beginning);
        return label == null ? null : accepted.getOrDefault(label, own);
    }

    /** Notes that a packet with this label has come from an address. It must have been decoded, and decrypted with keys. */
    void heard(InetSocketAddress from, Codecs codecs) {
        if (all.size() == 1) {
            return;
        }
        if (heard.size() >= MAX_PEERS && !heard.containsKey(from)) {
            heard.clear();
        }
        heard.put(from, List.of(codecs));
    }

    /** Notes that an address did not answer: it may have another label now. */
    void unanswered(InetSocketAddress to) {
        heard.remove(to);
    }

    /** {@return the codecs for packets to an address: all of them in turn where it is not known which one it reads} */
    List<Codecs> forPackets(InetSocketAddress to) {
        return all.size() == 1 ? ownAlone : heard.getOrDefault(to, all);
    }

    /** {@return the codecs for a stream to an address: the own ones where it is not known which it reads} */
    StreamCodec forStream(InetSocketAddress to) {
        return heard.getOrDefault(to, ownAlone).get(0).streams();
    }
}
