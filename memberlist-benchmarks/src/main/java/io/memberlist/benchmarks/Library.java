package io.memberlist.benchmarks;

import java.util.Locale;
import java.util.function.Supplier;

/** The libraries that can be measured. */
enum Library {
    MEMBERLIST(MemberlistCluster::new),
    JGROUPS(JGroupsCluster::new),
    SCALECUBE(ScalecubeCluster::new);

    private final Supplier<Cluster> factory;

    Library(Supplier<Cluster> factory) {
        this.factory = factory;
    }

    Cluster cluster() {
        return factory.get();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
