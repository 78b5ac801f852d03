package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberTags;
import io.memberlist.member.MemberlistException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Changes the tags of a member of this JVM. */
@Component
public class TagChange {
    private static final int MAX_NAME = 32;
    private static final int MAX_VALUE = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Companions companions;

    TagChange(Companions companions) {
        this.companions = companions;
    }

    /** {@return why the tags of the member cannot be changed, null if they can} */
    public @Nullable String whyNot(String member) {
        return companions.all().stream().anyMatch(one -> one.name().equals(member))
                ? null
                : "Only " + member + " can change its tags, and it does not run in this process, or no longer.";
    }

    /** @param value null or empty removes the tag */
    public void change(String member, @Nullable String name, @Nullable String value) {
        Companion companion = companions.all().stream()
                .filter(one -> one.name().equals(member))
                .findFirst()
                .orElseThrow(() -> RejectedRequestException.unknown(String.valueOf(whyNot(member))));
        if (companion.endpoint().isPaused()) {
            throw RejectedRequestException.because(member + " is paused and cannot change its tags: resume it first.");
        }
        String tag = bounded("name", name, MAX_NAME);
        if (tag.isEmpty()) {
            throw RejectedRequestException.because("The tag needs a name, such as role.");
        }
        String wanted = bounded("value", value, MAX_VALUE);
        Memberlist memberlist = companion.memberlist();
        Map<String, String> tags = new TreeMap<>(memberlist.localMember().tags());
        if (wanted.isEmpty()) {
            if (tags.remove(tag) == null) {
                throw RejectedRequestException.because(
                        member + " has no tag called '" + tag + "' to remove: enter a value to add it.");
            }
        } else {
            tags.put(tag, wanted);
        }
        try {
            MemberTags.encode(tags); // refuses too many
            memberlist.updateTags(now -> changed(now, tag, wanted), TIMEOUT);
        } catch (MemberlistException e) {
            throw RejectedRequestException.because(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> changed(Map<String, String> tags, String tag, String value) {
        if (value.isEmpty()) {
            tags.remove(tag);
        } else {
            tags.put(tag, value);
        }
        return tags;
    }

    private static String bounded(String what, @Nullable String text, int limit) {
        String stripped = text == null ? "" : text.strip();
        if (stripped.length() > limit) {
            throw RejectedRequestException.because("The tag's " + what + " has " + stripped.length()
                    + " characters: at most " + limit + " are allowed.");
        }
        if (stripped.codePoints().anyMatch(Character::isISOControl)) {
            throw RejectedRequestException.because(
                    "The tag's " + what + " has control characters: write it in one line.");
        }
        return stripped;
    }
}
