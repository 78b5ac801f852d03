package io.memberlist.interop;

import io.memberlist.Member;
import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.MemberlistConfigBuilder;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.delegate.StateDelegate;
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

/** A member of this library on real sockets, which keeps what it is told. */
final class JavaNode implements Node {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Memberlist memberlist;
    private final Recorder recorder;

    private JavaNode(Memberlist memberlist, Recorder recorder) {
        this.memberlist = memberlist;
        this.recorder = recorder;
    }

    /** Starts a member at a free port of 127.0.0.1 with the local preset and metadata that names it. */
    static JavaNode start(String name) {
        return start(name, config -> config);
    }

    /** As {@link #start(String)}, with more settings. */
    static JavaNode start(String name, UnaryOperator<MemberlistConfigBuilder> settings) {
        Recorder recorder = new Recorder(name);
        MemberlistConfigBuilder config = MemberlistConfig.local()
                .nodeName(name)
                .bindAddress("127.0.0.1")
                .bindPort(0)
                .meta(utf8("meta of " + name))
                .eventDelegate(recorder)
                .stateDelegate(recorder)
                .messageDelegate(recorder.messages::add);
        return new JavaNode(Memberlist.create(settings.apply(config).build()), recorder);
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
        return MemberView.of(memberlist.localMember()).address();
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
    public void kill() {
        memberlist.close();
    }

    @Override
    public void close() {
        memberlist.close();
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

    /** {@return everything told about members so far, in order} */
    List<Event> events() {
        return recorder.events.snapshot();
    }

    /** {@return the member as it was when that was told of it} Fails if it is not told in time. */
    Member awaitEvent(String kind, String member, Duration timeout) {
        return recorder.events
                .await(event -> event.kind.equals(kind) && event.member.name().equals(member), timeout)
                .orElseThrow(() -> new AssertionError(name() + " was not told within " + timeout + " that " + member
                        + " " + kind + "; it was told " + events()))
                .member;
    }

    /** {@return the first message that matches} Fails if none comes in time. */
    byte[] awaitMessage(Predicate<byte[]> predicate, Duration timeout) {
        return recorder.messages
                .await(predicate, timeout)
                .orElseThrow(() -> new AssertionError(name() + " got no such message within " + timeout + "; it got "
                        + recorder.messages.snapshot().size() + " others"));
    }

    void awaitMessage(String text, Duration timeout) {
        awaitMessage(message -> Arrays.equals(message, utf8(text)), timeout);
    }

    /** {@return the user states that came with push/pulls so far} */
    List<String> remoteStates() {
        return recorder.states.snapshot();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Something told about a member.
     *
     * @param kind {@code joined}, {@code suspected}, {@code recovered}, {@code failed}, {@code left} or {@code updated}
     * @param member the member as it was then
     */
    record Event(String kind, Member member) {}

    private record Recorder(
            String name, AwaitableList<Event> events, AwaitableList<byte[]> messages, AwaitableList<String> states)
            implements EventDelegate, StateDelegate {
        Recorder(String name) {
            this(name, new AwaitableList<>(), new AwaitableList<>(), new AwaitableList<>());
        }

        @Override
        public void memberJoined(Member member) {
            events.add(new Event("joined", member));
        }

        @Override
        public void memberSuspected(Member member) {
            events.add(new Event("suspected", member));
        }

        @Override
        public void memberRecovered(Member member) {
            events.add(new Event("recovered", member));
        }

        @Override
        public void memberFailed(Member member) {
            events.add(new Event("failed", member));
        }

        @Override
        public void memberLeft(Member member) {
            events.add(new Event("left", member));
        }

        @Override
        public void memberUpdated(Member member) {
            events.add(new Event("updated", member));
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
