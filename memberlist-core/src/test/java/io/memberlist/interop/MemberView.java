package io.memberlist.interop;

import io.memberlist.member.Member;
import io.memberlist.member.MemberVersions;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One node's view of a member, comparable whichever language the node is written in.
 *
 * @param name the member's name
 * @param address the {@code ip:port} it advertises, an IPv6 one in brackets and in full
 * @param meta its metadata, as text
 * @param state {@code alive}, {@code suspect}, {@code dead} or {@code left}
 * @param incarnation its incarnation
 * @param versions the versions it understands and speaks
 */
record MemberView(String name, String address, String meta, String state, long incarnation, MemberVersions versions) {
    static MemberView of(Member member) {
        return new MemberView(
                member.name(),
                text(member.address()),
                new String(member.meta(), StandardCharsets.UTF_8),
                member.state().name().toLowerCase(Locale.ROOT),
                member.incarnation(),
                member.versions());
    }

    static MemberView of(GoMember member) {
        return new MemberView(
                member.name(),
                text(new InetSocketAddress(ip(member.addr()), member.port())),
                member.meta(),
                member.state(),
                member.incarnation(),
                member.versions());
    }

    /** {@return the same view, whatever the incarnation} It rises when a busy machine answers late. */
    MemberView anyIncarnation() {
        return new MemberView(name, address, meta, state, 0, versions);
    }

    /** {@return the address as seeds are written} The same in both languages, though they shorten IPv6 differently. */
    static String text(InetSocketAddress address) {
        String ip = address.getAddress().getHostAddress();
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
