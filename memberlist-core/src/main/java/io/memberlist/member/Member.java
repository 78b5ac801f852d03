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
 *
 * @param name the name, which identifies the member in the cluster
 * @param address the address it advertises; always resolved
 * @param meta its metadata, at most 512 bytes, empty where there is none; copied
 * @param state its state, as this member knows it
 * @param incarnation orders the messages about it, and only the member itself raises it; 0 to 2^32 - 1
 * @param versions the protocol versions it understands and speaks
 * @param stateSince when it entered {@code state}, by this machine's clock
 */
@SuppressWarnings("ArrayRecordComponent")
public record Member(
        String name,
        InetSocketAddress address,
        byte[] meta,
        MemberState state,
        long incarnation,
        MemberVersions versions,
        Instant stateSince) {
    /** The largest metadata of a member, in bytes. */
    public static final int META_MAX_SIZE = 512;

    private static final byte[] NO_META = new byte[0];

    /**
     * Copies the metadata.
     *
     * @throws IllegalArgumentException if the address is not resolved
     */
    public Member {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(versions, "versions");
        Objects.requireNonNull(stateSince, "stateSince");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "the address " + address + " of member " + name + " has no IP: resolve it");
        }
        meta = copy(meta);
    }

    private static byte[] copy(byte[] meta) {
        return meta.length == 0 ? NO_META : meta.clone();
    }

    /** {@return a copy of the metadata, at most 512 bytes, empty where there is none} */
    @Override
    public byte[] meta() {
        return copy(meta);
    }

    /** {@return the {@linkplain MemberTags tags} in the metadata, none where the metadata is something else; unmodifiable} */
    public Map<String, String> tags() {
        return MemberTags.decode(meta);
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
                + " " + metaText() + "]";
    }

    private String metaText() {
        Map<String, String> tags = tags();
        String text = tags.toString();
        // Others choose the tags: no member may begin a line of a log, or hide a part of one.
        boolean isReadable = text.codePoints().allMatch(c -> c >= ' ' && c <= '~' || Character.isLetterOrDigit(c));
        return !tags.isEmpty() && isReadable
                ? "tags=" + text
                : "meta=" + HexFormat.of().formatHex(meta);
    }
}
