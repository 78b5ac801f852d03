package io.memberlist.interop;

import io.memberlist.config.MemberlistConfigBuilder;
import java.util.Arrays;
import java.util.Base64;

/**
 * The options of a cluster that change its bytes on the wire; every node has the same.
 *
 * @param name the name of this combination
 * @param protocol the protocol version that all nodes speak
 * @param compression whether all compress
 * @param keySize the bytes of the key; 0 for no encryption
 * @param label the label; empty for none
 * @param ipv6 whether all listen at {@code ::1}
 */
record WireOptions(String name, int protocol, boolean compression, int keySize, String label, boolean ipv6) {
    /** The default protocol version without further options. */
    static WireOptions plain(String name) {
        return new WireOptions(name, 2, false, 0, "", false);
    }

    WireOptions withProtocol(int version) {
        return new WireOptions(name, version, compression, keySize, label, ipv6);
    }

    WireOptions compressed() {
        return new WireOptions(name, protocol, true, keySize, label, ipv6);
    }

    WireOptions encrypted(int size) {
        return new WireOptions(name, protocol, compression, size, label, ipv6);
    }

    WireOptions labelled(String text) {
        return new WireOptions(name, protocol, compression, keySize, text, ipv6);
    }

    WireOptions overIpv6() {
        return new WireOptions(name, protocol, compression, keySize, label, true);
    }

    GoNodeBuilder applyTo(GoNodeBuilder node) {
        node.protocol(protocol).compression(compression);
        if (keySize > 0) {
            node.keys(Base64.getEncoder().encodeToString(key()));
        }
        return label.isEmpty() ? node : node.label(label);
    }

    MemberlistConfigBuilder applyTo(MemberlistConfigBuilder node) {
        node.protocol(p -> p.version(protocol))
                .compression(c -> c.enabled(compression))
                .network(n -> n.label(label));
        return keySize > 0 ? node.encryption(e -> e.secretKey(key())) : node;
    }

    private byte[] key() {
        byte[] key = new byte[keySize];
        Arrays.fill(key, (byte) keySize);
        return key;
    }

    @Override
    public String toString() {
        return name;
    }
}
