package io.memberlist.interop;

import io.memberlist.Member;
import io.memberlist.MemberVersions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One node's view of a member, comparable whichever language the node is written in.
 *
 * @param name the member's name
 * @param address the {@code ip:port} it advertises
 * @param meta its metadata, as text
 * @param state {@code alive}, {@code suspect}, {@code dead} or {@code left}
 * @param incarnation its incarnation
 * @param versions the versions it understands and speaks
 */
record MemberView(String name, String address, String meta, String state, long incarnation, MemberVersions versions) {
    static MemberView of(Member member) {
        return new MemberView(
                member.name(),
                member.address().getAddress().getHostAddress() + ":"
                        + member.address().getPort(),
                new String(member.meta(), StandardCharsets.UTF_8),
                member.state().name().toLowerCase(Locale.ROOT),
                member.incarnation(),
                member.versions());
    }

    static MemberView of(GoMember member) {
        return new MemberView(
                member.name(),
                member.addr() + ":" + member.port(),
                member.meta(),
                member.state(),
                member.incarnation(),
                member.versions());
    }
}
