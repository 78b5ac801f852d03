package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The tags by which a process tells the pages of others its process ID and the port of its own page. */
@Component
public final class ProcessTags {
    private static final String PID = "pid";
    private static final String PAGE_PORT = "page.port";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Memberlist memberlist;
    private final ServerProperties server;

    ProcessTags(Memberlist memberlist, ServerProperties server) {
        this.memberlist = memberlist;
        this.server = server;
    }

    @EventListener
    void serving(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() != null) {
            return; // the server of Actuator, if that has a port of its own
        }
        memberlist.updateTags(
                tags -> {
                    tags.put(PID, String.valueOf(ProcessHandle.current().pid()));
                    if (isReachable()) {
                        tags.put(PAGE_PORT, String.valueOf(event.getWebServer().getPort()));
                    }
                    return tags;
                },
                TIMEOUT);
    }

    /** A page on the loopback address is of no use to other machines. */
    private boolean isReachable() {
        InetAddress page = server.getAddress();
        return page == null
                || !page.isLoopbackAddress()
                || memberlist.localMember().address().getAddress().isLoopbackAddress();
    }

    /** {@return the process ID that a member tells, null if it tells none} Members of others may tell anything. */
    public static @Nullable String pid(Member member) {
        String pid = member.tags().getOrDefault(PID, "");
        return pid.matches("[1-9]\\d{0,9}") ? pid : null;
    }

    /** {@return where the page of the member's process is, null if it tells none} */
    public static @Nullable String page(Member member) {
        String port = member.tags().getOrDefault(PAGE_PORT, "");
        if (!port.matches("[1-9]\\d{0,4}") || Integer.parseInt(port) > 65535) {
            return null;
        }
        InetAddress address = member.address().getAddress();
        String host = address.getHostAddress();
        if (address.isLoopbackAddress()) {
            host = "localhost";
        } else if (address instanceof Inet6Address) {
            host = "[" + host + "]";
        }
        return "http://" + host + ":" + port + "/";
    }
}
