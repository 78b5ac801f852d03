package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.Delegates;
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
import io.memberlist.logging.ThrottledLog;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Gives the engine the delegates among the beans. Those of the configuration come before them. */
record DelegateBeans(Listeners listeners, Vetoes vetoes, Owners owners) {
    private static final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger(DelegateBeans.class));

    /** @param given what the builder starts from */
    void addTo(MemberlistConfig given, MemberlistConfigBuilder builder) {
        listeners.addTo(given.delegates(), builder);
        vetoes.addTo(given.delegates(), builder);
        owners.addTo(given.delegates(), builder);
    }

    /** Delegates that are all called, in their order. One that throws is logged, and the next ones are called all the same. */
    record Listeners(
            BeanFactory beans,
            ObjectProvider<EventDelegate> events,
            ObjectProvider<MessageDelegate> messages,
            ObjectProvider<ConflictDelegate> conflicts) {
        private void addTo(Delegates given, MemberlistConfigBuilder builder) {
            List<Named<EventDelegate>> listeners = named(EventDelegate.class, given.event(), events);
            if (!listeners.isEmpty()) {
                builder.delegates(d -> d.event(event -> each(listeners, it -> it.memberEvent(event))));
            }
            List<Named<MessageDelegate>> receivers = named(MessageDelegate.class, given.message(), messages);
            if (!receivers.isEmpty()) {
                // each delegate owns its copy
                builder.delegates(d ->
                        d.message(message -> each(receivers, it -> it.messageReceived(message.clone()))));
            }
            List<Named<ConflictDelegate>> witnesses = named(ConflictDelegate.class, given.conflict(), conflicts);
            if (!witnesses.isEmpty()) {
                builder.delegates(d ->
                        d.conflict((existing, other) -> each(witnesses, it -> it.nameConflict(existing, other))));
            }
        }

        private <T> List<Named<T>> named(Class<T> type, @Nullable T given, ObjectProvider<T> provider) {
            return all(given, provider).stream()
                    .map(delegate -> new Named<>(
                            delegate == given
                                    ? type.getSimpleName() + " of the configuration"
                                    : BeanNames.describe(beans, type, delegate),
                            delegate))
                    .toList();
        }
    }

    /** @param name what the log calls it */
    private record Named<T>(String name, T delegate) {}

    /** Delegates of which the first that refuses decides. */
    record Vetoes(ObjectProvider<MergeDelegate> merges, ObjectProvider<AliveDelegate> alives) {
        private void addTo(Delegates given, MemberlistConfigBuilder builder) {
            List<MergeDelegate> mergeVetoes = all(given.merge(), merges);
            if (!mergeVetoes.isEmpty()) {
                builder.delegates(d -> d.merge(members -> mergeVetoes.forEach(it -> it.verifyMerge(members))));
            }
            List<AliveDelegate> aliveVetoes = all(given.alive(), alives);
            if (!aliveVetoes.isEmpty()) {
                builder.delegates(d -> d.alive(member -> aliveVetoes.forEach(it -> it.verifyAlive(member))));
            }
        }
    }

    /**
     * Delegates of which there is one each: the owner of the metadata and broadcasts, and of the acks' payload. Several
     * owners of state have a {@linkplain StateParts part} each, unless one of them is primary.
     */
    record Owners(
            ObjectProvider<Delegate> metadataAndBroadcasts,
            ObjectProvider<StateDelegate> state,
            ObjectProvider<Map<String, StateDelegate>> states,
            ObjectProvider<PingDelegate> ping) {
        private void addTo(Delegates given, MemberlistConfigBuilder builder) {
            // its messages and state are handled with the other delegates; its metadata and broadcasts remain
            builder.delegates(d -> d.delegate(single(given.delegate(), metadataAndBroadcasts))
                    .state(given.state() != null ? given.state() : stateBean())
                    .ping(single(given.ping(), ping)));
        }

        private @Nullable StateDelegate stateBean() {
            StateDelegate only = state.getIfUnique();
            if (only != null) {
                return only;
            }
            Map<String, StateDelegate> named = states.getIfAvailable(Map::of);
            return named.isEmpty() ? null : new StateParts(named);
        }
    }

    private static <T> List<T> all(@Nullable T given, ObjectProvider<T> beans) {
        Stream<T> beansInOrder = beans.orderedStream().filter(bean -> bean != given);
        return Stream.concat(Stream.ofNullable(given), beansInOrder).toList();
    }

    private static <T> @Nullable T single(@Nullable T given, ObjectProvider<T> beans) {
        return given != null ? given : beans.getIfAvailable();
    }

    private static <T> void each(List<Named<T>> delegates, Consumer<T> call) {
        for (Named<T> named : delegates) {
            try {
                call.accept(named.delegate());
            } catch (Throwable e) {
                // Whatever it is, the delegates after it are not at fault.
                log.log(
                        Level.ERROR,
                        named.name(),
                        "The {} failed; the delegates after it are called all the same",
                        named.name(),
                        e);
            }
        }
    }
}
