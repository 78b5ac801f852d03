package io.memberlist.spring.boot.discovery;

import io.memberlist.Member;
import io.memberlist.Memberlist;
import io.memberlist.MemberlistException;
import io.memberlist.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to the tags of the local member which service it is an instance of, and where that listens. */
final class ServiceAnnouncer {
    private static final Logger log = LoggerFactory.getLogger(ServiceAnnouncer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Memberlist memberlist;
    private final String service;

    ServiceAnnouncer(Memberlist memberlist, String service) {
        this.memberlist = memberlist;
        this.service = service;
    }

    /** Tags that are there already, from the configuration say, stay as they are. */
    void announce(int port, String scheme, @Nullable String host) {
        Member local = memberlist.localMember();
        if (local.meta().length > 0 && local.tags().isEmpty()) {
            log.warn(
                    "The member's metadata is not made of tags, so that other members cannot discover '{}': use"
                            + " memberlist.tags instead of memberlist.meta",
                    service);
            return;
        }
        Map<String, String> tags = new TreeMap<>(local.tags());
        tags.putIfAbsent(ServiceTags.SERVICE, service);
        tags.putIfAbsent(ServiceTags.PORT, String.valueOf(port));
        tags.putIfAbsent(ServiceTags.SCHEME, scheme);
        if (host != null) {
            tags.putIfAbsent(ServiceTags.HOST, host);
        }
        try {
            memberlist.updateMeta(Tags.encode(tags), PATIENCE).exceptionally(failure -> {
                log.debug("The tags of '{}' take long to go out", service, failure);
                return null;
            });
        } catch (MemberlistException e) {
            log.warn("Other members cannot discover '{}': {}", service, e.getMessage());
        }
    }
}
