package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.MemberState;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.ErrorMessage;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats messages for a trace. */
public final class TraceText {
    private static final int NODES = 20_000;

    private TraceText() {}

    /** {@return the member that an alive, suspect or dead message is about, null for other messages} */
    static @Nullable String about(Message message) {
        if (message instanceof Suspect suspect) {
            return suspect.node();
        } else if (message instanceof Dead dead) {
            return dead.node();
        }
        return message instanceof Alive alive ? alive.node() : null;
    }

    /** {@return messages, separated by bars} */
    public static String text(List<Message> messages) {
        return messages.stream().map(TraceText::text).collect(Collectors.joining(" | "));
    }

    /** {@return one message: its type, its subject and its numbers} */
    public static String text(Message message) {
        if (message instanceof Ping ping) {
            return "ping seq=" + ping.sequence() + " node=" + ping.node();
        } else if (message instanceof IndirectPing ping) {
            return "indirect-ping seq=" + ping.sequence() + " node=" + ping.node() + (ping.nack() ? " nack" : "");
        } else if (message instanceof Ack ack) {
            return "ack seq=" + ack.sequence();
        } else if (message instanceof Nack nack) {
            return "nack seq=" + nack.sequence();
        } else if (message instanceof Suspect suspect) {
            return "suspect node=" + suspect.node() + " incarnation=" + suspect.incarnation() + " from="
                    + suspect.from();
        } else if (message instanceof Dead dead) {
            return (dead.isLeave() ? "left" : "dead") + " node=" + dead.node() + " incarnation=" + dead.incarnation()
                    + " from=" + dead.from();
        } else if (message instanceof Alive alive) {
            return "alive node=" + alive.node() + " incarnation=" + alive.incarnation() + " at="
                    + address(alive.address(), alive.port()) + " meta=" + meta(alive.meta());
        } else if (message instanceof UserMessage user) {
            return "user " + user.payload().length + " bytes " + Integer.toHexString(Arrays.hashCode(user.payload()));
        } else if (message instanceof PushPull all) {
            return "push/pull" + (all.join() ? " join" : "") + " of "
                    + all.nodes().size() + ": "
                    + all.nodes().stream().map(TraceText::entry).collect(Collectors.joining(", "))
                    + (all.userState().length == 0 ? "" : " and " + all.userState().length + " bytes of state");
        } else if (message instanceof ErrorMessage error) {
            return "error '" + error.error() + "'";
        }
        return message.toString();
    }

    private static String entry(PushPullNode node) {
        MemberState[] states = MemberState.values();
        String state = node.state() >= 0 && node.state() < states.length
                ? states[node.state()].toString()
                : "state " + node.state();
        return node.name() + " " + state + " incarnation=" + node.incarnation() + " at="
                + address(node.address(), node.port()) + " meta=" + meta(node.meta());
    }

    private static String meta(byte[] meta) {
        return meta.length <= 8
                ? HexFormat.of().formatHex(meta)
                : HexFormat.of().formatHex(meta, 0, 8) + "... of " + meta.length + " bytes";
    }

    private static String address(byte[] address, int port) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < address.length; i++) {
            text.append(i == 0 ? "" : ".").append(address[i] & 0xff);
        }
        return text.append(':').append(port).toString();
    }

    /** {@return the address in an alive message, which must be valid} */
    static InetSocketAddress address(Alive alive) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(alive.address()), alive.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + alive.address().length + " bytes", e);
        }
    }

    /** {@return an address with the name of its node} */
    public static String place(InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        int node = (ip[1] & 0xff) * 200 + (ip[2] & 0xff);
        String name = node < NODES ? "n" + node : "stranger";
        return name + "@" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
