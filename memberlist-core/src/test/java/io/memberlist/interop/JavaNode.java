package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.MemberLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A member of this library on real sockets, which records its notifications. */
final class JavaNode implements Node {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Memberlist memberlist;
    private final Recorder recorder;
    private final MemberLines log;

    private JavaNode(Memberlist memberlist, Recorder recorder, MemberLines log) {
        this.memberlist = memberlist;
        this.recorder = recorder;
        this.log = log;
    }

    /** Starts a member at a free port of 127.0.0.1 with the local preset and metadata that names it. */
    static JavaNode start(String name) {
        return start(name, config -> config);
    }

    /** As {@link #start(String)}, with more settings. */
    static JavaNode start(String name, UnaryOperator<MemberlistConfigBuilder> settings) {
        return start(name, MemberlistConfig.local(), settings);
    }

    /** As {@link #start(String)}, with another preset and more settings. */
    static JavaNode start(
            String name, MemberlistConfigBuilder preset, UnaryOperator<MemberlistConfigBuilder> settings) {
        Recorder recorder = new Recorder(name);
        MemberlistConfigBuilder config = preset.nodeName(name)
                .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                .meta(utf8("meta of " + name))
                .delegates(d ->
                        d.event(recorder).state(recorder).conflict(recorder).message(recorder.messages::add));
        MemberLines log = MemberLines.of(name);
        try {
            return new JavaNode(Memberlist.create(settings.apply(config).build()), recorder, log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    Memberlist memberlist() {
        return memberlist;
    }

    @Override
    public String name() {
        return memberlist.localMember().name();
    }

    @Override
    public String seed() {
        return MemberView.text(memberlist.localMember().address());
    }

    int port() {
        return memberlist.localMember().address().getPort();
    }

    @Override
    public Set<MemberView> live() {
        return views(memberlist.members());
    }

    @Override
    public Set<MemberView> all() {
        return views(memberlist.allMembers());
    }

    private static Set<MemberView> views(Collection<Member> members) {
        return members.stream().map(MemberView::of).collect(Collectors.toSet());
    }

    @Override
    public void join(Node seed) {
        memberlist
                .join(seed.seed())
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void leave() {
        memberlist.leave(TIMEOUT).join();
    }

    @Override
    public void updateMeta(String meta) {
        memberlist.updateMeta(utf8(meta), TIMEOUT).join();
    }

    @Override
    public void broadcast(String message) {
        memberlist.gossip(utf8(message));
    }

    @Override
    public String awaitGone(String member, Duration timeout) {
        return recorder.events
                .await(
                        event -> event.member.name().equals(member)
                                && !event.member.state().isLive(),
                        timeout)
                .map(event -> event.kind.equals("left") ? "left" : "dead")
                .orElseThrow(() -> new AssertionError(name() + " was not told within " + timeout + " that " + member
                        + " is gone; it was told " + events()));
    }

    @Override
    public List<String> complaints() {
        return log.complaints().stream()
                .filter(line -> !GoLog.tellsOfSlowness(line))
                .toList();
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        memberlist.close();
        log.close();
    }

    Member member(String name) {
        return memberlist.member(name).orElseThrow();
    }

    void sendBestEffort(String to, String text) {
        memberlist
                .sendBestEffort(member(to), utf8(text))
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    void sendReliable(String to, byte[] message) {
        memberlist
                .sendReliable(member(to), message)
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** {@return all events about members so far, in order} */
    List<Event> events() {
        return recorder.events.snapshot();
    }

    /** {@return the member in the event of this kind} Fails if there is none in time. */
    Member awaitEvent(String kind, String member, Duration timeout) {
        return recorder.events
                .await(event -> event.kind.equals(kind) && event.member.name().equals(member), timeout)
                .orElseThrow(() -> new AssertionError(name() + " was not told within " + timeout + " that " + member
                        + " " + kind + "; it was told " + events()))
                .member;
    }

    /** {@return the first matching message} Fails if none arrives in time. */
    byte[] awaitMessage(Predicate<byte[]> predicate, Duration timeout) {
        return recorder.messages
                .await(predicate, timeout)
                .orElseThrow(() -> new AssertionError(name() + " got no such message within " + timeout + "; it got "
                        + recorder.messages.snapshot().size() + " others"));
    }

    @Override
    public void awaitMessage(String text, Duration timeout) {
        awaitMessage(message -> Arrays.equals(message, utf8(text)), timeout);
    }

    @Override
    public void awaitRemoteState(String state, Duration timeout) {
        assertThat(recorder.states.await(state::equals, timeout))
                .as("%s within %s, as user state that came to %s", state, timeout, name())
                .isPresent();
    }

    /** {@return the first conflict about that name} Fails if there is none in time. */
    Conflict awaitConflict(String name, Duration timeout) {
        return recorder.conflicts
                .await(conflict -> conflict.existing.name().equals(name), timeout)
                .orElseThrow(() ->
                        new AssertionError(name() + " was told of no conflict about " + name + " within " + timeout));
    }

    /** {@return the user states that came with push/pulls so far} */
    List<String> remoteStates() {
        return recorder.states.snapshot();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An event about a member.
     *
     * @param kind {@code joined}, {@code suspected}, {@code recovered}, {@code failed}, {@code left} or {@code updated}
     * @param member the member as it was then
     */
    record Event(String kind, Member member) {}

    /**
     * A name conflict.
     *
     * @param existing the member known under it
     * @param other the claimant
     */
    record Conflict(Member existing, Member other) {}

    private record Recorder(
            String name,
            AwaitableList<Event> events,
            AwaitableList<byte[]> messages,
            AwaitableList<String> states,
            AwaitableList<Conflict> conflicts)
            implements EventDelegate, StateDelegate, ConflictDelegate {
        Recorder(String name) {
            this(name, new AwaitableList<>(), new AwaitableList<>(), new AwaitableList<>(), new AwaitableList<>());
        }

        @Override
        public void nameConflict(Member existing, Member other) {
            conflicts.add(new Conflict(existing, other));
        }

        @Override
        public void memberEvent(MemberEvent event) {
            if (!(event instanceof MemberEvent.LocalHealthChanged
                    || event instanceof MemberEvent.LocalDeclaredDead
                    || event instanceof MemberEvent.ReachabilityChanged)) {
                events.add(new Event(EventRecorder.kind(event), event.member()));
            }
        }

        @Override
        public byte[] localState(boolean join) {
            return utf8("state of " + name);
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {
            states.add(new String(state, StandardCharsets.UTF_8));
        }
    }
}
