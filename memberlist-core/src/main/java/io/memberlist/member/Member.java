package io.memberlist.member;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * A member of the cluster as this member knew it at one moment. Immutable: a change makes a new value, so it may be kept,
 * compared and given to other threads.
 */
public final class Member {
    /** The largest metadata of a member, in bytes. */
    public static final int META_MAX_SIZE = 512;

    private final String name;
    private final InetSocketAddress address;
    private final byte[] meta;
    private final MemberState state;
    private final long incarnation;
    private final MemberVersions versions;
    private final Instant stateSince;

    /**
     * @param name the name, which identifies the member in the cluster
     * @param address the resolved address it advertises
     * @param meta its metadata, at most 512 bytes; copied
     * @param state its state, as this member knows it
     * @param incarnation orders the messages about it; 0 to 2^32 - 1
     * @param versions the protocol versions it speaks
     * @param stateSince when it entered {@code state}, by this machine's clock
     * @throws IllegalArgumentException if the address is not resolved
     */
    public Member(
            String name,
            InetSocketAddress address,
            byte[] meta,
            MemberState state,
            long incarnation,
            MemberVersions versions,
            Instant stateSince) {
        this.name = Objects.requireNonNull(name, "name");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "the address " + address + " of member " + name + " has no IP: resolve it");
        }
        this.address = address;
        this.meta = meta.clone();
        this.state = Objects.requireNonNull(state, "state");
        this.incarnation = incarnation;
        this.versions = Objects.requireNonNull(versions, "versions");
        this.stateSince = Objects.requireNonNull(stateSince, "stateSince");
    }

    /** {@return the name, which identifies the member in the cluster} */
    public String name() {
        return name;
    }

    /** {@return the address the member advertises; always resolved} */
    public InetSocketAddress address() {
        return address;
    }

    /** {@return a copy of the metadata, at most 512 bytes, empty where there is none} */
    public byte[] meta() {
        return meta.clone();
    }

    /** {@return the {@linkplain Tags tags} in the metadata, none where the metadata is something else; unmodifiable} */
    public Map<String, String> tags() {
        return Tags.decode(meta);
    }

    /** {@return the state of the member, as this member knew it} */
    public MemberState state() {
        return state;
    }

    /** {@return the incarnation, which orders the messages about the member; only the member itself raises it} */
    public long incarnation() {
        return incarnation;
    }

    /** {@return the protocol versions the member understands and speaks} */
    public MemberVersions versions() {
        return versions;
    }

    /** {@return when the member entered its state, by this machine's clock} */
    public Instant stateSince() {
        return stateSince;
    }

    /** {@return whether the metadata equals the other member's, without copying either} */
    public boolean sameMeta(Member other) {
        return Arrays.equals(meta, other.meta);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Member other
                && name.equals(other.name)
                && address.equals(other.address)
                && Arrays.equals(meta, other.meta)
                && state == other.state
                && incarnation == other.incarnation
                && versions.equals(other.versions)
                && stateSince.equals(other.stateSince);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, address, state, incarnation);
    }

    @Override
    public String toString() {
        String ip = address.getAddress().getHostAddress();
        String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
        return "Member[" + name + " " + host + ":" + address.getPort() + " " + state + " incarnation=" + incarnation
                + " meta=" + HexFormat.of().formatHex(meta) + "]";
    }
}
