package io.memberlist.sample;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is special to the sample.
 *
 * @param companions how many further members to start in this JVM, so that there is a cluster to look at; 0 for none
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue("2") int companions) {
    private static final int MAX_COMPANIONS = 100;

    /** Refuses numbers that make no sense on one machine. */
    public SampleProperties {
        if (companions < 0 || companions > MAX_COMPANIONS) {
            throw new IllegalArgumentException("sample.companions is " + companions + ": it must lie between 0 and "
                    + MAX_COMPANIONS + "; start further instances for more");
        }
    }
}
