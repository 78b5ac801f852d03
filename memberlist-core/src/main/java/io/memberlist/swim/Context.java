package io.memberlist.swim;

import io.memberlist.MemberlistConfig;
import io.memberlist.transport.EventLoop;

/** What every part of one member's protocol works with. */
record Context(
        String self,
        MemberlistConfig config,
        LifeguardSwitches lifeguard,
        EventLoop loop,
        MemberTable table,
        LocalHealth health,
        Counters counters,
        Drops drops,
        Callbacks callbacks,
        UserMessages userMessages) {
    Context(
            String self,
            MemberlistConfig config,
            LifeguardSwitches lifeguard,
            EventLoop loop,
            MemberTable table,
            LocalHealth health,
            Counters counters,
            Drops drops,
            Callbacks callbacks) {
        this(
                self,
                config,
                lifeguard,
                loop,
                table,
                health,
                counters,
                drops,
                callbacks,
                new UserMessages(config, callbacks));
    }
}
