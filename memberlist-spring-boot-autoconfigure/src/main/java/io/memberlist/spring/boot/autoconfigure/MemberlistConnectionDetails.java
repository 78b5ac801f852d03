package io.memberlist.spring.boot.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Gives the seeds to join the cluster through. A bean of this type replaces {@code memberlist.join}. */
@FunctionalInterface
public interface MemberlistConnectionDetails extends ConnectionDetails {
    /**
     * {@return the seeds, in the forms that {@code memberlist.join} takes; may be empty} Called once, when the application
     * starts.
     */
    List<String> seeds();
}
