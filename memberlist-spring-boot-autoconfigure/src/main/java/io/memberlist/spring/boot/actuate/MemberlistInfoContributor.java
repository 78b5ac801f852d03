package io.memberlist.spring.boot.actuate;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.spring.MockedMember;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Adds this member's name, address and state, and its cluster, to the {@code info} endpoint. */
public class MemberlistInfoContributor implements InfoContributor {
    private final Memberlist memberlist;

    /** @param memberlist the member to ask */
    public MemberlistInfoContributor(Memberlist memberlist) {
        this.memberlist = memberlist;
    }

    @Override
    public void contribute(Info.Builder builder) {
        if (MockedMember.is(memberlist)) {
            return;
        }
        Member local = memberlist.localMember();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", local.name());
        details.put("address", local.address().getAddress().getHostAddress());
        details.put("port", local.address().getPort());
        details.put("state", local.state().name().toLowerCase(Locale.ROOT));
        details.put("tags", local.tags());
        details.put("members", memberlist.numMembers());
        details.put("label", memberlist.config().network().label());
        details.put("encrypted", memberlist.config().encryption().keyring() != null);
        details.put("protocolVersion", local.versions().protocolCurrent());
        builder.withDetail("memberlist", details);
    }
}
