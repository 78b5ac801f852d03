package io.memberlist.testing;

import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.MemberEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Records membership events as text, such as {@code joined a}, with the new metadata after a change. */
public final class EventRecorder {
    private EventRecorder() {}

    /** {@return a delegate that adds events of these kinds to a list} */
    @SafeVarargs
    public static EventDelegate into(List<String> events, Class<? extends MemberEvent>... kinds) {
        return event -> {
            for (Class<? extends MemberEvent> kind : kinds) {
                if (kind.isInstance(event)) {
                    events.add(words(event));
                }
            }
        };
    }

    /** {@return a delegate that adds events of all kinds to a list} */
    public static EventDelegate into(List<String> events) {
        return event -> events.add(words(event));
    }

    /** {@return the kind of an event, such as {@code joined}} */
    public static String kind(MemberEvent event) {
        return event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String words(MemberEvent event) {
        String words = kind(event) + " " + event.member().name();
        return event instanceof MemberEvent.Updated
                ? words + " " + new String(event.member().meta(), StandardCharsets.UTF_8)
                : words;
    }
}
