package io.memberlist.interop;

import io.memberlist.testing.PemFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The flags of a {@link GoNode}. Without any, it listens at a free port of 127.0.0.1, and a node on the plain library has the
 * local preset. A program that does not have a flag does not start, and says so.
 */
final class GoNodeBuilder {
    private final GoProgram program;
    private final String name;
    private final List<String> flags = new ArrayList<>();

    GoNodeBuilder(GoProgram program, String name) {
        this.program = program;
        this.name = name;
        flag("name", name);
    }

    GoNodeBuilder bind(String address) {
        return flag("bind", address);
    }

    GoNodeBuilder port(int port) {
        return flag("port", Integer.toString(port));
    }

    GoNodeBuilder advertise(String ip) {
        return flag("advertise", ip);
    }

    GoNodeBuilder seeds(String... seeds) {
        return flag("seeds", String.join(",", seeds));
    }

    GoNodeBuilder meta(String meta) {
        return flag("meta", meta);
    }

    /** {@code lan}, {@code wan} or {@code local}. */
    GoNodeBuilder preset(String preset) {
        return flag("preset", preset);
    }

    GoNodeBuilder pushPullInterval(Duration interval) {
        return flag("push-pull-interval", interval.toMillis() + "ms");
    }

    /** Sets the time to connect, and to read and write on a stream. Programs differ in their own. */
    GoNodeBuilder streamTimeout(Duration timeout) {
        return flag("stream-timeout", timeout.toMillis() + "ms");
    }

    GoNodeBuilder retransmitMultiplier(int multiplier) {
        return flag("retransmit-mult", Integer.toString(multiplier));
    }

    /** Sets the keys in Base64; the first is the primary key. */
    GoNodeBuilder keys(String... keys) {
        return flag("key", String.join(",", keys));
    }

    GoNodeBuilder label(String label) {
        return flag("label", label);
    }

    GoNodeBuilder skipInboundLabelCheck() {
        return flag("skip-inbound-label-check", "true");
    }

    GoNodeBuilder protocol(int version) {
        return flag("protocol", Integer.toString(version));
    }

    GoNodeBuilder compression(boolean compression) {
        return flag("compression", Boolean.toString(compression));
    }

    /** {@code lzw} or {@code snappy}. */
    GoNodeBuilder compressionAlgorithm(String algorithm) {
        return flag("compression-algorithm", algorithm);
    }

    /** Sets the certificate of the node and the authority that it trusts, which switches TLS on. */
    GoNodeBuilder tls(PemFiles files) {
        flag("tls-cert", files.certificate().toString());
        flag("tls-key", files.key().toString());
        return flag("tls-ca", files.authority().toString());
    }

    GoNodeBuilder verifyIncoming(boolean verify) {
        return flag("verify-incoming", Boolean.toString(verify));
    }

    GoNodeBuilder verifyOutgoing(boolean verify) {
        return flag("verify-outgoing", Boolean.toString(verify));
    }

    GoNodeBuilder state(String state) {
        return flag("state", state);
    }

    /** Sets a user state of this many bytes, each its own index modulo 251. */
    GoNodeBuilder stateSize(int size) {
        return flag("state-size", Integer.toString(size));
    }

    GoNodeBuilder mergeVeto(String reason) {
        return flag("merge-veto", reason);
    }

    GoNodeBuilder delegateVersion(int min, int max, int current) {
        return flag("delegate-version", min + "," + max + "," + current);
    }

    private GoNodeBuilder flag(String flag, String value) {
        flags.add("-" + flag + "=" + value);
        return this;
    }

    /**
     * Builds the program if necessary, starts it and waits until it listens. Skips the calling test if there is no Go:
     * see {@link GoToolchain}.
     */
    GoNode start() {
        List<String> commandLine = new ArrayList<>();
        commandLine.add(GoToolchain.program(program).toString());
        commandLine.addAll(flags);
        GoNode node = new GoNode(name, commandLine);
        try {
            node.awaitReady();
        } catch (AssertionError e) {
            node.close();
            throw e;
        }
        return node;
    }
}
