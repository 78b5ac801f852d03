package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.AliveDelegate;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.MergeDelegate;
import io.memberlist.delegate.MessageDelegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.delegate.StateDelegate;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Gives the engine the delegates among the beans. Several listeners of a kind are called in their order, and one that
 * throws is logged and keeps nothing from the next; of several vetoes the first that refuses decides. State and ack
 * payload have a single owner.
 */
final class Delegates {
    private static final Logger log = LoggerFactory.getLogger(Delegates.class);

    private Delegates() {}

    /** @param given what the builder starts from; its delegates come before the beans, and are the single owners */
    static void apply(ListableBeanFactory beans, MemberlistConfig given, MemberlistConfigBuilder builder) {
        List<EventDelegate> events = all(beans, EventDelegate.class, given.eventDelegate());
        List<MessageDelegate> messages = all(beans, MessageDelegate.class, given.messageDelegate());
        List<ConflictDelegate> conflicts = all(beans, ConflictDelegate.class, given.conflictDelegate());
        List<MergeDelegate> merges = all(beans, MergeDelegate.class, given.mergeDelegate());
        List<AliveDelegate> alives = all(beans, AliveDelegate.class, given.aliveDelegate());
        if (!events.isEmpty()) {
            builder.eventDelegate(event -> each(events, it -> it.memberEvent(event)));
        }
        if (!messages.isEmpty()) {
            // each owns what it is given
            builder.messageDelegate(message -> each(messages, it -> it.messageReceived(message.clone())));
        }
        if (!conflicts.isEmpty()) {
            builder.conflictDelegate((existing, other) -> each(conflicts, it -> it.nameConflict(existing, other)));
        }
        if (!merges.isEmpty()) {
            builder.mergeDelegate(members -> merges.forEach(it -> it.verifyMerge(members)));
        }
        if (!alives.isEmpty()) {
            builder.aliveDelegate(member -> alives.forEach(it -> it.verifyAlive(member)));
        }
        // its messages and state are among those of the other delegates; left are its metadata and broadcasts
        builder.delegate(single(beans, Delegate.class, given.delegate()));
        builder.stateDelegate(single(beans, StateDelegate.class, given.stateDelegate()));
        builder.pingDelegate(single(beans, PingDelegate.class, given.pingDelegate()));
    }

    private static <T> List<T> all(ListableBeanFactory beans, Class<T> type, @Nullable T given) {
        Stream<T> beansInOrder = beans.getBeanProvider(type).orderedStream().filter(bean -> bean != given);
        return Stream.concat(Stream.ofNullable(given), beansInOrder).toList();
    }

    private static <T> @Nullable T single(ListableBeanFactory beans, Class<T> type, @Nullable T given) {
        return given != null ? given : beans.getBeanProvider(type).getIfAvailable();
    }

    private static <T> void each(List<T> delegates, Consumer<T> call) {
        for (T delegate : delegates) {
            try {
                call.accept(delegate);
            } catch (Throwable e) {
                // Whatever it is: the delegates after it have done nothing wrong.
                log.error("{} failed; the delegates after it are called all the same", delegate, e);
            }
        }
    }
}
