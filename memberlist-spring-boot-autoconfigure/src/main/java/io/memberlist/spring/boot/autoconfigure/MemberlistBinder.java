package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.MemberlistException;
import io.memberlist.transport.AddressNotAvailableException;
import io.memberlist.transport.Causes;
import io.memberlist.transport.PortInUseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the member and restarts it. A second instance on a machine finds the default port taken. Unless the application
 * insists on the port, that instance gets a free one, so that it starts without further settings.
 */
record MemberlistBinder(Plan plan, Function<MemberlistConfig, Memberlist> create) {
    private static final Logger log = LoggerFactory.getLogger(MemberlistBinder.class);

    /**
     * What is to be bound.
     *
     * @param config the configuration of the member
     * @param portIsDefault whether another port may be used
     * @param nameForPort makes a name that suits another port; null where the name was chosen
     */
    record Plan(
            MemberlistConfig config,
            boolean portIsDefault,
            @Nullable IntFunction<String> nameForPort) {
        /** {@return the name for that port, or the one that was chosen} */
        String name(int port) {
            return nameForPort == null ? config.nodeName() : nameForPort.apply(port);
        }
    }

    /** @throws MemberlistPortInUseException if the port is taken and no other may be used */
    Memberlist bind() {
        MemberlistConfig config = plan.config();
        try {
            return create.apply(config);
        } catch (MemberlistException e) {
            refuseUnlessAnotherPortMayDo(e, config, plan.portIsDefault());
        }
        MemberlistConfig another = config.toBuilder()
                .network(n -> n.bindPort(0))
                .nodeName(plan.name(0))
                .build();
        Memberlist member = createAnywhere(another);
        reportAnotherPort(config.network().bindPort(), member);
        return member;
    }

    private Memberlist createAnywhere(MemberlistConfig config) {
        try {
            return create.apply(config);
        } catch (InvalidSettingException e) {
            throw SettingNames.translate(e);
        }
    }

    /**
     * Restarts the member after it was shut down, as itself and at the same port, because the others know it there. Where
     * the port may change and is taken, the member gets a free port and a name that suits it. A JVM that was restored on
     * another machine takes a new default name.
     *
     * @throws MemberlistPortInUseException if the port is taken and no other may be used
     */
    void restart(Memberlist member) {
        MemberlistConfig last = member.config();
        int port = last.network().bindPort();
        String name = plan.name(port);
        int hadPort = member.localMember().address().getPort();
        boolean sameMachine = DefaultNodeName.isSameHost(last.nodeName(), name);
        try {
            await(sameMachine ? member.restart() : member.restart(config -> config.nodeName(name)));
            return;
        } catch (MemberlistException e) {
            refuseUnlessAnotherPortMayDo(e, last, port == 0 || plan.portIsDefault());
        }
        await(member.restart(config -> config.network(n -> n.bindPort(0)).nodeName(plan.name(0))));
        reportAnotherPort(hadPort, member);
    }

    private static void refuseUnlessAnotherPortMayDo(
            MemberlistException failure, MemberlistConfig config, boolean anotherPortMayDo) {
        if (failure instanceof InvalidSettingException invalid) {
            // what only shows when the addresses are looked up
            throw SettingNames.translate(invalid);
        }
        String address = config.network().bindAddress();
        if (Causes.find(failure, AddressNotAvailableException.class) != null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.network.bind-address",
                    "'" + address + "' is not an address of this machine",
                    "bind to one of its addresses, or to 0.0.0.0 or :: for all of them; what others shall use"
                            + " belongs in memberlist.network.advertise-address",
                    failure);
        }
        if (Causes.find(failure, PortInUseException.class) == null) {
            throw failure;
        }
        if (!anotherPortMayDo) {
            throw new MemberlistPortInUseException(address, config.network().bindPort(), failure);
        }
    }

    private static void reportAnotherPort(int port, Memberlist member) {
        log.info(
                "Port {} is taken; {} listens at port {} instead (set memberlist.network.bind-port to choose one)",
                port,
                member.localMember().name(),
                member.localMember().address().getPort());
    }

    private static void await(CompletableFuture<Void> restarted) {
        try {
            restarted.join();
        } catch (CompletionException e) {
            throw Causes.unwrap(e) instanceof MemberlistException failure ? failure : e;
        }
    }
}
