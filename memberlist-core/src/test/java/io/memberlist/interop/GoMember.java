package io.memberlist.interop;

import io.memberlist.member.MemberVersions;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * A member as a Go node sees it.
 *
 * @param name the member's name
 * @param addr the IP address it advertises
 * @param port the port it advertises
 * @param meta its metadata, as text
 * @param metaBytes its metadata
 * @param state {@code alive}, {@code suspect}, {@code dead} or {@code left}
 * @param incarnation its incarnation; 0 in events, which do not contain it
 * @param versions the versions it understands and speaks
 */
@SuppressWarnings("ArrayRecordComponent")
record GoMember(
        String name,
        String addr,
        int port,
        String meta,
        byte[] metaBytes,
        String state,
        long incarnation,
        MemberVersions versions) {
    static GoMember of(JsonNode json) {
        JsonNode versions = json.get("versions");
        return new GoMember(
                json.get("name").asString(),
                json.get("addr").asString(),
                json.get("port").asInt(),
                json.get("meta").asString(),
                Base64.getDecoder().decode(json.get("metaBase64").asString()),
                json.get("state").asString(),
                json.path("incarnation").asLong(0),
                new MemberVersions(
                        versions.get("protocolMin").asInt(),
                        versions.get("protocolMax").asInt(),
                        versions.get("protocolCurrent").asInt(),
                        versions.get("delegateMin").asInt(),
                        versions.get("delegateMax").asInt(),
                        versions.get("delegateCurrent").asInt()));
    }
}
