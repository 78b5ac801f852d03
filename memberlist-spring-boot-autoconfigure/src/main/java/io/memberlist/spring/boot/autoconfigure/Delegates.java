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
import org.springframework.beans.factory.ObjectProvider;

/**
 * Gives the engine the delegates among the beans. It calls several listeners of a kind in their order; one that throws is
 * logged, and the next ones are called all the same. Of several vetoes the first that refuses decides. The state and the
 * payload of acks have a single owner each.
 */
record Delegates(
        ObjectProvider<EventDelegate> events,
        ObjectProvider<MessageDelegate> messages,
        ObjectProvider<ConflictDelegate> conflicts,
        ObjectProvider<MergeDelegate> merges,
        ObjectProvider<AliveDelegate> alives,
        ObjectProvider<Delegate> metadataAndBroadcasts,
        ObjectProvider<StateDelegate> state,
        ObjectProvider<PingDelegate> ping) {
    private static final Logger log = LoggerFactory.getLogger(Delegates.class);

    /** @param given what the builder starts from; its delegates come before the beans, and are the single owners */
    void addTo(MemberlistConfig given, MemberlistConfigBuilder builder) {
        List<EventDelegate> listeners = all(given.delegates().event(), events);
        if (!listeners.isEmpty()) {
            builder.delegates(d -> d.event(event -> each(listeners, it -> it.memberEvent(event))));
        }
        List<MessageDelegate> receivers = all(given.delegates().message(), messages);
        if (!receivers.isEmpty()) {
            // each delegate owns its copy
            builder.delegates(d -> d.message(message -> each(receivers, it -> it.messageReceived(message.clone()))));
        }
        List<ConflictDelegate> witnesses = all(given.delegates().conflict(), conflicts);
        if (!witnesses.isEmpty()) {
            builder.delegates(d ->
                    d.conflict((existing, other) -> each(witnesses, it -> it.nameConflict(existing, other))));
        }
        List<MergeDelegate> mergeVetoes = all(given.delegates().merge(), merges);
        if (!mergeVetoes.isEmpty()) {
            builder.delegates(d -> d.merge(members -> mergeVetoes.forEach(it -> it.verifyMerge(members))));
        }
        List<AliveDelegate> aliveVetoes = all(given.delegates().alive(), alives);
        if (!aliveVetoes.isEmpty()) {
            builder.delegates(d -> d.alive(member -> aliveVetoes.forEach(it -> it.verifyAlive(member))));
        }
        // its messages and state are handled with the other delegates above; its metadata and broadcasts remain
        builder.delegates(d -> d.delegate(single(given.delegates().delegate(), metadataAndBroadcasts)));
        builder.delegates(d -> d.state(single(given.delegates().state(), state)));
        builder.delegates(d -> d.ping(single(given.delegates().ping(), ping)));
    }

    private static <T> List<T> all(@Nullable T given, ObjectProvider<T> beans) {
        Stream<T> beansInOrder = beans.orderedStream().filter(bean -> bean != given);
        return Stream.concat(Stream.ofNullable(given), beansInOrder).toList();
    }

    private static <T> @Nullable T single(@Nullable T given, ObjectProvider<T> beans) {
        return given != null ? given : beans.getIfAvailable();
    }

    private static <T> void each(List<T> delegates, Consumer<T> call) {
        for (T delegate : delegates) {
            try {
                call.accept(delegate);
            } catch (Throwable e) {
                // Whatever it is, the delegates after it are not at fault.
                log.error("{} failed; the delegates after it are called all the same", delegate, e);
            }
        }
    }
}
