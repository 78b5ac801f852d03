package io.memberlist.spring.discovery;

/** The tags with which a member names its service. They are short because all tags share 512 bytes. */
public final class ServiceTags {
    /** The name of the service; a member without this tag is no instance. */
    public static final String SERVICE = "service";
    /** The port of the service, 1 to 65535; a member without this tag is no instance. */
    public static final String PORT = "service.port";
    /** The scheme of the service, {@code https} or {@code http}; {@code http} if the tag is absent. */
    public static final String SCHEME = "service.scheme";
    /** The host of the service, if it is not the member's address. */
    public static final String HOST = "service.host";

    private ServiceTags() {}
}
