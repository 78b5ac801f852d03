package io.memberlist.transport.tls;

/** For what the certificate of another member must be valid. Whatever is chosen, somebody who is trusted must have signed it. */
public enum PeerCheck {
    /** The IP address at which the member is called, or from which it says that it calls. */
    ADDRESS,

    /** One name for all members, or where none is set, the name of the member that is called, which must be known then. */
    NAME,

    /** Nothing: every member with a trusted certificate may be every other one. */
    NONE
}
