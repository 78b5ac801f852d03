package io.memberlist.spring.boot.autoconfigure;

import java.util.List;

/** Gives the seeds in {@code memberlist.join}. */
final class PropertiesMemberlistConnectionDetails implements MemberlistConnectionDetails {
    private final MemberlistProperties properties;

    PropertiesMemberlistConnectionDetails(MemberlistProperties properties) {
        this.properties = properties;
    }

    @Override
    public List<String> seeds() {
        return properties.join();
    }
}
