package io.memberlist.spring.boot.actuate;

import io.memberlist.member.Member;
import io.memberlist.member.MemberVersions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A member, as it is written as JSON.
 *
 * @param name its name
 * @param address the IP address it advertises
 * @param port the port it advertises
 * @param state alive, suspect, dead or left
 * @param since when it entered that state, according to this machine's clock
 * @param stateAge how long it has been in that state
 * @param incarnation its incarnation number, which orders the messages about it
 * @param meta its metadata
 * @param tags the tags in its metadata; empty if the metadata is something else
 * @param versions the protocol versions it supports
 */
public record MemberDescriptor(
        String name,
        String address,
        int port,
        String state,
        Instant since,
        Duration stateAge,
        long incarnation,
        Meta meta,
        Map<String, String> tags,
        MemberVersions versions)
        implements OperationResponseBody {

    /**
     * The metadata of a member.
     *
     * @param text the metadata as text; null if it is not printable text
     * @param base64 the bytes in Base64
     */
    public record Meta(@Nullable String text, String base64) {
        static Meta of(byte[] bytes) {
            return new Meta(text(bytes), Base64.getEncoder().encodeToString(bytes));
        }

        private static @Nullable String text(byte[] bytes) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                boolean printable = text.codePoints().noneMatch(Meta::isControl);
                return printable ? text : null;
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        private static boolean isControl(int codePoint) {
            return Character.isISOControl(codePoint) && codePoint != '\n' && codePoint != '\r' && codePoint != '\t';
        }
    }

    static MemberDescriptor of(Member member) {
        return new MemberDescriptor(
                member.name(),
                member.address().getAddress().getHostAddress(),
                member.address().getPort(),
                member.state().name().toLowerCase(Locale.ROOT),
                member.stateSince(),
                age(member.stateSince()),
                member.incarnation(),
                Meta.of(member.meta()),
                member.tags(),
                member.versions());
    }

    /** Never negative, although the clock may have been set back meanwhile. */
    private static Duration age(Instant since) {
        Duration age = Duration.between(since, Instant.now());
        return age.isNegative() ? Duration.ZERO : age.truncatedTo(ChronoUnit.MILLIS);
    }
}
