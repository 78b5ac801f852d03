package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.net.InetSocketAddress;
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
     * What is to be bound.
     *
     * @param config how the member behaves
     * @param portIsDefault whether another port may be used
     * @param nameForPort a name that suits another port; null where the name was chosen
     */
    record Plan(
            MemberlistConfig config,
            boolean portIsDefault,
            @Nullable IntFunction<String> nameForPort) {
        Plan with(String name, byte[] meta) {
            return new Plan(config.toBuilder().nodeName(name).meta(meta).build(), portIsDefault, nameForPort);
        }
    }

    /** @throws MemberlistPortInUseException if the port is taken and no other may be used */
    Memberlist bind(Plan plan) {
        MemberlistConfig config = plan.config();
        try {
            return engine.apply(config);
        } catch (MemberlistException e) {
            if (Causes.find(e, AddressNotAvailableException.class) != null) {
                throw new InvalidMemberlistPropertyException(
                        "memberlist.network.bind-address",
                        "'" + config.network().bindAddress() + "' is not an address of this machine",
                        "bind to one of its addresses, or to 0.0.0.0 or :: for all of them; what others shall use"
                                + " belongs in memberlist.network.advertise-address",
                        e);
            }
            if (Causes.find(e, PortInUseException.class) == null) {
                throw e;
            }
            if (!plan.portIsDefault()) {
                throw new MemberlistPortInUseException(
                        config.network().bindAddress(), config.network().bindPort(), e);
            }
        }
        String name = freshName(plan, 0);
        Memberlist memberlist = engine.apply(
                config.toBuilder().network(n -> n.bindPort(0)).nodeName(name).build());
        log.info(
                "Port {} is taken; {} listens at port {} instead (set memberlist.network.bind-port to choose one)",
                config.network().bindPort(),
                name,
                memberlist.localMember().address().getPort());
        return memberlist;
    }

    /**
     * Binds again after the previous member was shut down: as itself, with the metadata last set, and where the port had
     * been picked with the same one if it is still free, because the others know it. A JVM that was restored somewhere
     * else takes a new default name.
     */
    Memberlist rebind(Plan plan, Memberlist previous) {
        MemberlistConfig config = previous.config();
        byte[] meta =
                config.delegates().delegate() == null ? previous.localMember().meta() : config.meta();
        String fresh = freshName(plan, config.network().bindPort());
        String name = DefaultNodeName.isSameHost(config.nodeName(), fresh) ? config.nodeName() : fresh;
        Plan same = plan.with(name, meta);
        if (config.network().bindPort() != 0) {
            return bind(same);
        }
        if (config.network().advertisePort() == 0) {
            int port = previous.localMember().address().getPort();
            MemberlistConfigBuilder again = same.config().toBuilder().network(n -> n.bindPort(0));
            try {
                return engine.apply(
                        again.transportFactory(atPort(port, plan.config().transportFactory()))
                                .build());
            } catch (MemberlistException e) {
                log.debug("Port {} is not to be had again; picking another one", port, e);
            }
        }
        MemberlistConfig picked = plan.with(fresh, meta).config().toBuilder()
                .network(n -> n.bindPort(0))
                .build();
        return engine.apply(picked);
    }

    private static TransportFactory atPort(int port, @Nullable TransportFactory network) {
        TransportFactory factory = network == null ? NettyTransportFactory.shared() : network;
        return bind -> factory.open(new InetSocketAddress(bind.getAddress(), port));
    }

    /** {@return the name for that port, or the one that was chosen} */
    private static String freshName(Plan plan, int port) {
        IntFunction<String> names = plan.nameForPort();
        return names == null ? plan.config().nodeName() : names.apply(port);
    }
}
