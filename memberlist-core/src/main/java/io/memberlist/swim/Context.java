package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;

/** What every part of one member's protocol works with. */
record Context(
        String self,
        MemberlistConfig config,
        LifeguardSwitches lifeguard,
        EventLoop loop,
        MemberTable table,
        LocalHealth health,
        Counters counters,
        ThrottledLog log,
        Callbacks callbacks,
        Extensions extensions,
        UserMessages userMessages) {
    Context(
            String self,
            MemberlistConfig config,
            LifeguardSwitches lifeguard,
            EventLoop loop,
            MemberTable table,
            LocalHealth health,
            Counters counters,
            ThrottledLog log,
            Callbacks callbacks) {
        this(
                self,
                config,
                lifeguard,
                loop,
                table,
                health,
                counters,
                log,
                callbacks,
                new Extensions(config.extensions(), loop));
    }

    private Context(
            String self,
            MemberlistConfig config,
            LifeguardSwitches lifeguard,
            EventLoop loop,
            MemberTable table,
            LocalHealth health,
            Counters counters,
            ThrottledLog log,
            Callbacks callbacks,
            Extensions extensions) {
        this(
                self,
                config,
                lifeguard,
                loop,
                table,
                health,
                counters,
                log,
                callbacks,
                extensions,
                new UserMessages(config.delegates().message(), extensions, loop, log, callbacks));
    }

    /** {@return whether nothing may be sent there, since the transport is said to need names} */
    boolean lacksName(Recipient to) {
        return config.network().requireNodeNames() && to.name() == null;
    }
}
