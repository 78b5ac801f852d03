package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.MemberlistException;

/** The port that {@code memberlist.network.bind-port} names is taken. */
public final class MemberlistPortInUseException extends MemberlistException {
    private static final long serialVersionUID = 1L;

    private final String address;
    private final int port;

    MemberlistPortInUseException(String address, int port, Throwable cause) {
        super(
                "port " + port + " at " + address
                        + " is already in use: set memberlist.network.bind-port to another one",
                cause);
        this.address = address;
        this.port = port;
    }

    /** {@return the address that was asked for} */
    public String address() {
        return address;
    }

    /** {@return the port that was asked for} */
    public int port() {
        return port;
    }
}
