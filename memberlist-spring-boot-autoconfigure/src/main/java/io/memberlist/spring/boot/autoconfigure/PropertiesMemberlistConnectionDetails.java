package io.memberlist.spring.boot.autoconfigure;

import java.util.List;

/** Gives the seeds in {@code memberlist.join}. */
record PropertiesMemberlistConnectionDetails(MemberlistProperties properties) implements MemberlistConnectionDetails {
    @Override
    public List<String> seeds() {
        return properties.join();
    }
}
