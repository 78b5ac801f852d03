package io.memberlist.spring.boot.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where to join the cluster. A bean of this type takes the place of {@code memberlist.join}. */
@FunctionalInterface
public interface MemberlistConnectionDetails extends ConnectionDetails {
    /**
     * {@return whom to join through; may be empty} In the forms that {@code memberlist.join} takes. Asked once, when the
     * application starts.
     */
    List<String> seeds();
}
