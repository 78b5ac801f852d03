package io.memberlist.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the sample.
 *
 * @param companions the number of additional members in this JVM; 0 for a cluster of separate processes
 * @param encrypted whether to encrypt with the demonstration key from the sample's code if {@code
 *     memberlist.encryption.keys} is not set; equal for all members of a cluster. The default is true with companions, so
 *     that there is a key to rotate, and false in a cluster of processes, which may include programs without a key
 * @param allowedHosts the host names by which browsers may ask for the page and for Actuator, besides {@code localhost}
 *     and the address that the server listens on
 */
@ConfigurationProperties("sample")
public record SampleProperties(
        @DefaultValue("2") int companions,
        @Nullable Boolean encrypted,
        @DefaultValue List<String> allowedHosts) {
    /** The most companions that the page can show clearly. */
    public static final int MAX_COMPANIONS = 20;

    /** Checks the number of companions. */
    public SampleProperties {
        if (companions < 0 || companions > MAX_COMPANIONS) {
            throw new IllegalArgumentException("sample.companions is " + companions + ": it must lie between 0 and "
                    + MAX_COMPANIONS + "; start further instances for more");
        }
    }

    public boolean encrypts() {
        return encrypted != null ? encrypted : companions > 0;
    }
}
