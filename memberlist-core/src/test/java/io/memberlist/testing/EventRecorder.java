package io.memberlist.testing;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes membership events down as words, such as {@code joined a}, with the new metadata where that changed. */
public final class EventRecorder {
    private EventRecorder() {}

    /** {@return a delegate that writes events of these kinds into a list} */
    public static EventDelegate into(List<String> events, MemberEvent.Type... kinds) {
        Set<MemberEvent.Type> wanted = Set.of(kinds);
        return EventDelegate.into(event -> {
            if (wanted.contains(event.type())) {
                events.add(words(event));
            }
        });
    }

    private static String words(MemberEvent event) {
        String words = event.type().name().toLowerCase(Locale.ROOT) + " "
                + event.member().name();
        return event.type() == MemberEvent.Type.UPDATED
                ? words + " " + new String(event.member().meta(), StandardCharsets.UTF_8)
                : words;
    }
}
