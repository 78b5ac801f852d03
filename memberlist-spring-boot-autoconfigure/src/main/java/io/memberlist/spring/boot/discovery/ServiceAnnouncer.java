package io.memberlist.spring.boot.discovery;

import io.memberlist.Memberlist;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.Member;
import io.memberlist.spring.MockedMember;
import io.memberlist.spring.discovery.ServiceTags;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the tags of the local member that name its service and the service's port. */
final class ServiceAnnouncer {
    private static final Logger log = LoggerFactory.getLogger(ServiceAnnouncer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Memberlist memberlist;
    private final String service;
    private Map<String, String> announced = Map.of();

    ServiceAnnouncer(Memberlist memberlist, String service) {
        this.memberlist = memberlist;
        this.service = service;
    }

    /**
     * Sets the tags. Tags that exist already, such as those of the configuration, stay as they are. Tags that an earlier
     * call set are replaced, because a web server that was restarted may have another port.
     */
    void announce(int port, String scheme, @Nullable String host) {
        if (MockedMember.is(memberlist)) {
            return;
        }
        Member local = memberlist.localMember();
        if (local.meta().length > 0 && local.tags().isEmpty()) {
            log.info(
                    "The member's metadata is not made of tags, so that other members cannot discover '{}': use"
                            + " memberlist.tags instead of memberlist.meta",
                    service);
            return;
        }
        Map<String, String> wanted = new TreeMap<>();
        wanted.put(ServiceTags.SERVICE, service);
        wanted.put(ServiceTags.PORT, String.valueOf(port));
        wanted.put(ServiceTags.SCHEME, scheme);
        if (host != null) {
            wanted.put(ServiceTags.HOST, host);
        }
        memberlist.updateTags(tags -> with(wanted, tags), PATIENCE).exceptionally(failure -> {
            if (failure instanceof InvalidSettingException) {
                log.warn("Other members cannot discover '{}': {}", service, failure.getMessage());
            } else {
                log.debug("The tags of '{}' take long to go out", service, failure);
            }
            return null;
        });
    }

    private synchronized Map<String, String> with(Map<String, String> wanted, Map<String, String> tags) {
        tags.entrySet().removeAll(announced.entrySet());
        Map<String, String> news = new TreeMap<>(wanted);
        news.keySet().removeAll(tags.keySet());
        tags.putAll(news);
        announced = news;
        return tags;
    }
}
