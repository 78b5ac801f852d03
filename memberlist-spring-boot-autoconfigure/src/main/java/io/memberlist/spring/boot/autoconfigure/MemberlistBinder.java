package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.MemberlistException;
import java.net.BindException;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the member. A second instance on a machine finds the default port taken; unless the application insists on the
 * port, it is given a free one, so that it starts without further settings.
 */
final class MemberlistBinder {
    private static final Logger log = LoggerFactory.getLogger(MemberlistBinder.class);

    private final Function<MemberlistConfig, Memberlist> engine;

    /** @param engine how a member comes to be */
    MemberlistBinder(Function<MemberlistConfig, Memberlist> engine) {
        this.engine = engine;
    }

    /**
     * @param config how the member behaves
     * @param portIsDefault whether another port may be used
     * @param nameForPort a name that suits another port; null where the name was chosen
     * @throws MemberlistPortInUseException if the port is taken and no other may be used
     */
    Memberlist bind(MemberlistConfig config, boolean portIsDefault, @Nullable IntFunction<String> nameForPort) {
        try {
            return engine.apply(config);
        } catch (MemberlistException e) {
            if (isForeignAddress(e)) {
                throw new InvalidMemberlistPropertyException(
                        "memberlist.bind-address",
                        "'" + config.bindAddress() + "' is not an address of this machine",
                        "bind to one of its addresses, or to 0.0.0.0 or :: for all of them; what others shall use"
                                + " belongs in memberlist.advertise-address",
                        e);
            }
            if (!isPortInUse(e)) {
                throw e;
            }
            if (!portIsDefault) {
                throw new MemberlistPortInUseException(config.bindAddress(), config.bindPort(), e);
            }
        }
        String name = nameForPort == null ? config.nodeName() : nameForPort.apply(0);
        Memberlist memberlist =
                engine.apply(config.toBuilder().bindPort(0).nodeName(name).build());
        log.info(
                "Port {} is taken; {} listens at port {} instead (set memberlist.bind-port to choose one)",
                config.bindPort(),
                name,
                memberlist.localMember().address().getPort());
        return memberlist;
    }

    private static boolean isForeignAddress(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("assign requested address")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPortInUse(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            // epoll's errors are not BindExceptions, and a BindException may speak of a foreign address
            if (message.contains("already in use")
                    || cause instanceof BindException && !message.contains("requested address")) {
                return true;
            }
        }
        return false;
    }
}
