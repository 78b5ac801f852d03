package io.memberlist.sample;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is special to the sample.
 *
 * @param companions how many further members to start in this JVM, so that there is a cluster to look at and to hurt; 0
 *     for none, and for a cluster of separate processes
 * @param encrypted whether to encrypt what is sent with a key that everybody can read in the sample's code, where {@code
 *     memberlist.encryption.keys} gives none; left out, it is done where there are companions, so that there is a key to
 *     rotate, and not in a cluster of processes, which may be others' programs without a key
 */
@ConfigurationProperties("sample")
public record SampleProperties(
        @DefaultValue("2") int companions, @Nullable Boolean encrypted) {
    /** More members than this are no help to the eye. */
    public static final int MAX_COMPANIONS = 20;

    /** Refuses numbers that make no sense on one machine. */
    public SampleProperties {
        if (companions < 0 || companions > MAX_COMPANIONS) {
            throw new IllegalArgumentException("sample.companions is " + companions + ": it must lie between 0 and "
                    + MAX_COMPANIONS + "; start further instances for more");
        }
    }

    boolean encrypts() {
        return encrypted != null ? encrypted : companions > 0;
    }
}
