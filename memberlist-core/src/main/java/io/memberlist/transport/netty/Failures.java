package io.memberlist.transport.netty;

import io.memberlist.transport.TransportException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words for what goes wrong, the same whichever backend it comes from. */
final class Failures {
    /** Native calls name themselves and their error number in front of the reason. */
    private static final Pattern NATIVE_PREFIX =
            Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private Failures() {}

    static TransportException bind(String protocol, InetSocketAddress address, Throwable cause) {
        String remedy = isOurs(address.getAddress())
                ? "choose another port, or 0 for a free one"
                : "the address does not belong to this machine: bind to one of its own, or to 0.0.0.0 or ::"
                        + " for all of them (for a port in use choose another port, or 0 for a free one)";
        return new TransportException(
                "cannot bind " + text(address) + " for " + protocol + ": " + reason(cause) + "; " + remedy, cause);
    }

    static TransportException packet(InetSocketAddress to, int size, Throwable cause) {
        return new TransportException(packetMessage(to, size, reason(cause)), cause);
    }

    static TransportException packet(InetSocketAddress to, int size, String reason) {
        return new TransportException(packetMessage(to, size, reason));
    }

    private static String packetMessage(InetSocketAddress to, int size, String reason) {
        return "cannot send a packet of " + size + " bytes to " + text(to) + ": " + reason;
    }

    static TransportException connect(InetSocketAddress to, Throwable cause) {
        return new TransportException("cannot connect to " + text(to) + ": " + reason(cause), cause);
    }

    static TransportException connect(InetSocketAddress to, String reason) {
        return new TransportException("cannot connect to " + text(to) + ": " + reason);
    }

    static TransportException stream(InetSocketAddress remote, Throwable cause) {
        return new TransportException("the stream with " + text(remote) + " failed: " + reason(cause), cause);
    }

    static TransportException stream(InetSocketAddress remote, String reason) {
        return new TransportException("the stream with " + text(remote) + " failed: " + reason);
    }

    static TransportException resolve(String host, String reason, @Nullable Throwable cause) {
        String message = "cannot resolve host '" + host + "': " + reason;
        return cause == null ? new TransportException(message) : new TransportException(message, cause);
    }

    static TransportException nameServer(
            InetSocketAddress server,
            DnsQuestion question,
            DnsExchange.Protocol protocol,
            String reason,
            @Nullable Throwable cause) {
        String message = "name server " + text(server) + " was asked for the "
                + question.type().name() + " records of '" + question.name() + "' over " + protocol + ": " + reason;
        return cause == null ? new TransportException(message) : new TransportException(message, cause);
    }

    static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /** {@return what the platform said, without the address that the callers name themselves} */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof ConnectTimeoutException) {
            return "connecting timed out";
        }
        if (root instanceof PortUnreachableException) {
            // how the JDK puts it, without a word, for a packet socket that is connected
            return "Connection refused";
        }
        if (root instanceof ClosedChannelException) {
            return "closed";
        }
        String message = root.getMessage();
        if (message == null) {
            return root.getClass().getSimpleName();
        }
        return NATIVE_PREFIX.matcher(message).replaceFirst("");
    }

    private static boolean isOurs(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }
}
