package io.memberlist.transport.netty;

import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.UnreachableException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what the platform reports into failures with one type and one wording for both backends. */
final class Failures {
    /** Why nothing goes out any more. */
    static final String CLOSED = "the transport is closed";

    /** Native calls name themselves and their error number in front of the reason. */
    private static final Pattern NATIVE_PREFIX =
            Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    /** Linux's error numbers, which Netty reports negated; its epoll backend exists on Linux only. */
    private static final int EADDRINUSE = 98;

    private static final int EADDRNOTAVAIL = 99;

    private static final int ECONNREFUSED = 111;

    private static final int EHOSTUNREACH = 113;

    private Failures() {}

    /** {@return a failure of the type that says whether the port or the address is at fault} */
    static TransportException bind(String protocol, InetSocketAddress address, Throwable cause) {
        NativeIoException epoll = Causes.find(cause, NativeIoException.class);
        BindException nio = Causes.find(cause, BindException.class);
        // The JDK has one type for all that can go wrong here, and its messages may be in the user's language.
        boolean foreign =
                epoll != null ? epoll.expectedErr() == -EADDRNOTAVAIL : nio != null && !isOurs(address.getAddress());
        boolean inUse = epoll != null
                ? epoll.expectedErr() == -EADDRINUSE
                : nio != null && !foreign && !reason(nio).contains("Permission denied");
        String message = "cannot bind " + text(address) + " for " + protocol + ": " + reason(cause);
        if (foreign) {
            return new AddressNotAvailableException(
                    message + "; the address does not belong to this machine: bind to one of its own, or to 0.0.0.0"
                            + " or :: for all of them",
                    cause);
        }
        message += "; choose another port, or 0 for a free one";
        return inUse ? new PortInUseException(message, cause) : new TransportException(message, cause);
    }

    /** {@return why nobody can be at the address, or null} */
    static @Nullable String noTarget(InetSocketAddress to) {
        if (to.isUnresolved()) {
            return "the address is not resolved";
        }
        return to.getPort() == 0 ? "port 0 is no target; give the member's real port" : null;
    }

    static TransportException packet(InetSocketAddress to, int size, String reason, @Nullable Throwable cause) {
        return new TransportException(
                "cannot send a packet of " + size + " bytes to " + text(to) + ": " + reason, cause);
    }

    static TransportException connect(InetSocketAddress to, String reason, @Nullable Throwable cause) {
        String message = "cannot connect to " + text(to) + ": " + reason;
        return isUnreachable(cause) ? new UnreachableException(message, cause) : new TransportException(message, cause);
    }

    private static boolean isUnreachable(@Nullable Throwable cause) {
        if (cause == null || Causes.find(cause, ConnectTimeoutException.class) != null) {
            return false;
        }
        NativeIoException epoll = Causes.find(cause, NativeIoException.class);
        if (epoll != null) {
            return epoll.expectedErr() == -ECONNREFUSED || epoll.expectedErr() == -EHOSTUNREACH;
        }
        if (Causes.find(cause, NoRouteToHostException.class) != null) {
            return true;
        }
        // Both backends use this type for time-outs of the kernel as well.
        ConnectException failed = Causes.find(cause, ConnectException.class);
        return failed != null && String.valueOf(failed.getMessage()).contains("refused");
    }

    static TransportException stream(InetSocketAddress remote, String reason, @Nullable Throwable cause) {
        return new TransportException("the stream with " + text(remote) + " failed: " + reason, cause);
    }

    static TransportException resolve(String host, String reason, @Nullable Throwable cause) {
        return new TransportException("cannot resolve host '" + host + "': " + reason, cause);
    }

    static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /** {@return the platform's reason, without the address, which the callers name themselves} */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof ConnectTimeoutException) {
            return "connecting timed out";
        }
        if (root instanceof PortUnreachableException) {
            // The JDK reports this for a connected packet socket, without a message.
            return "Connection refused";
        }
        if (root instanceof ClosedChannelException) {
            return "closed";
        }
        String message = root.getMessage();
        if (message == null && root instanceof NoRouteToHostException) {
            // Netty throws it without a message for ENETUNREACH.
            return "Network is unreachable";
        }
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
