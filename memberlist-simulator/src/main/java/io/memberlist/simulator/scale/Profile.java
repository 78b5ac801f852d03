package io.memberlist.simulator.scale;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import java.util.function.Supplier;

/** The presets of the engine. In lower case, as on the command line. */
enum Profile {
    lan(MemberlistConfig::lan),
    wan(MemberlistConfig::wan),
    local(MemberlistConfig::local);

    private final Supplier<MemberlistConfigBuilder> preset;

    Profile(Supplier<MemberlistConfigBuilder> preset) {
        this.preset = preset;
    }

    MemberlistConfigBuilder preset() {
        return preset.get();
    }
}
