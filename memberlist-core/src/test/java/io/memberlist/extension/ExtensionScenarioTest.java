package io.memberlist.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberlistException;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocols of others on top of members, in virtual time. */
class ExtensionScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(7);

    @Test
    void aProtocolOfItsOwnRunsOnTheLoopOfItsMember() {
        List<String> application = new ArrayList<>();
        PingCounter counter = new PingCounter();
        Memberlist a = cluster.start(
                "a",
                config ->
                        config.extension(counter).delegates(d -> d.message(message -> application.add(text(message)))));
        Memberlist b = cluster.start("b", config -> config.extension(new PingCounter()));
        cluster.await(b.join(VirtualCluster.addressOf(a)));
        cluster.await(b.sendBestEffort(a.localMember(), bytes("hello")));
        cluster.run(Duration.ofSeconds(10));

        assertThat(cluster.await(counter.counts())).containsOnlyKeys("b");
        assertThat(cluster.await(counter.counts()).get("b")).isBetween(9, 10);
        assertThat(application).containsExactly("hello");

        cluster.await(a.shutdown());
        assertThat(counter.counts()).isCompletedExceptionally();
        cluster.await(a.restart());
        cluster.await(a.join(VirtualCluster.addressOf(b)));
        cluster.run(Duration.ofSeconds(5));
        assertThat(cluster.await(counter.counts()).get("b")).isGreaterThan(12);
    }

    @Test
    void theFirstThatClaimsAMessageGetsIt() {
        Recorder first = new Recorder("f");
        Recorder second = new Recorder("");
        List<String> application = new ArrayList<>();
        Memberlist a = cluster.start(
                "a",
                config -> config.extension(first)
                        .extension(second)
                        .delegates(d -> d.message(message -> application.add(text(message)))));
        Memberlist b = cluster.start("b");
        cluster.await(b.join(VirtualCluster.addressOf(a)));
        cluster.await(b.sendBestEffort(a.localMember(), bytes("for the first")));
        cluster.await(b.sendReliable(a.localMember(), bytes("stream of the second")));
        cluster.run(Duration.ofSeconds(1));

        assertThat(first.happened).contains("packet for the first").noneMatch(it -> it.contains("second"));
        assertThat(second.happened).contains("stream stream of the second").noneMatch(it -> it.contains("first"));
        assertThat(application).isEmpty();
    }

    @Test
    void hearsOfMembersOfExchangesAndOfItsOwnBeginningAndEnd() {
        Recorder recorder = new Recorder("none");
        Memberlist a = cluster.start("a", config -> config.extension(recorder));
        Memberlist b = cluster.start("b");
        cluster.await(a.join(VirtualCluster.addressOf(b)));
        cluster.await(b.leave(Duration.ofSeconds(5)));
        cluster.run(Duration.ofSeconds(1));
        cluster.await(a.shutdown());

        assertThat(recorder.happened)
                .containsSubsequence("start", "Joined b", "exchanged " + VirtualCluster.addressOf(b), "Left b", "stop");
    }

    @Test
    void sendsByPacketByStreamAndByGossip() {
        Recorder sender = new Recorder("none");
        Recorder receiver = new Recorder("x");
        Memberlist a = cluster.start("a", config -> config.extension(sender));
        Memberlist b = cluster.start("b", config -> config.extension(receiver));
        cluster.await(a.join(VirtualCluster.addressOf(b)));
        ExtensionContext context = sender.context;
        context.loop().execute(() -> {
            context.sendPackets(context.others(), List.of(bytes("x1"), bytes("x2")), Completion.IGNORED);
            context.sendStream(context.others().get(0), bytes("x3"), Completion.IGNORED);
            assertThat(context.gossip(() -> bytes("x4"))).isTrue();
        });
        cluster.run(Duration.ofSeconds(2));

        assertThat(receiver.happened).contains("packet x1", "packet x2", "stream x3", "packet x4");
        assertThat(context.memberAt(b.localMember().address())).isEqualTo(context.member("b"));
        assertThatThrownBy(() -> context.sendStream(
                        b.localMember(), new byte[context.maxStreamPayload() + 1], Completion.IGNORED))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("limits.userMessageSize");
    }

    static Stream<Throwable> whatExtensionsMayThrow() {
        return Stream.of(
                new IllegalStateException("expected by this test"),
                new NoClassDefFoundError("expected by this test"),
                new AssertionError("expected by this test"),
                new IOException("expected by this test"));
    }

    @ParameterizedTest
    @MethodSource("whatExtensionsMayThrow")
    void whatAnExtensionThrowsDoesNotHarmTheMember(Throwable thrown) {
        Memberlist a = cluster.start(
                "a",
                config -> config.extension(new Recorder("") {
                    @Override
                    public boolean claims(byte[] payload) {
                        throw ExtensionScenarioTest.<RuntimeException>unchecked(thrown);
                    }

                    @Override
                    public void memberChanged(MemberEvent event) {
                        throw ExtensionScenarioTest.<RuntimeException>unchecked(thrown);
                    }

                    @Override
                    public void stop() {
                        throw ExtensionScenarioTest.<RuntimeException>unchecked(thrown);
                    }
                }));
        Memberlist b = cluster.start("b");
        cluster.await(b.join(VirtualCluster.addressOf(a)));
        cluster.await(b.sendBestEffort(a.localMember(), bytes("hello")));
        cluster.runUntil("they see each other", () -> a.numMembers() == 2);
        cluster.run(Duration.ofSeconds(30));

        assertThat(a.numMembers()).isEqualTo(2);
        assertThat(b.numMembers()).isEqualTo(2);
        assertThat(cluster.time().failures()).hasSizeGreaterThanOrEqualTo(2);
        cluster.await(a.shutdown());
        cluster.await(a.restart());
    }

    @ParameterizedTest
    @MethodSource("whatExtensionsMayThrow")
    void oneThatCannotStartKeepsTheMemberFromStarting(Throwable thrown) {
        Recorder before = new Recorder("");
        assertThatThrownBy(() -> cluster.start(
                        "a",
                        config -> config.extension(before).extension(new Recorder("") {
                            @Override
                            public void start(ExtensionContext context) {
                                throw ExtensionScenarioTest.<RuntimeException>unchecked(thrown);
                            }
                        })))
                .hasMessageContaining("expected by this test");
        assertThat(before.happened).containsExactly("start", "stop");
    }

    /** Throws anything, as extensions in other JVM languages may. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aMessageThatIsStillDecodedWhenItsMemberStopsConcernsNobody() {
        Recorder recorder = new Recorder("");
        Memberlist a = cluster.start("a", config -> config.extension(recorder));
        Memberlist b = cluster.start("b");
        cluster.await(b.join(VirtualCluster.addressOf(a)));
        byte[] incompressible = new byte[5000];
        new Random(1).nextBytes(incompressible);
        long received = a.statistics().streamBytesReceived();
        b.sendReliable(a.localMember(), incompressible);
        cluster.runUntil("it has arrived", () -> a.statistics().streamBytesReceived() > received);
        assertThat(recorder.happened).noneMatch(it -> it.startsWith("stream"));

        cluster.await(a.shutdown());
        cluster.await(a.restart());
        cluster.run(Duration.ofSeconds(1));

        assertThat(recorder.happened)
                .containsSubsequence("start", "stop", "start")
                .noneMatch(it -> it.startsWith("stream"));
    }

    @Test
    void aPacketToNobodyHasLeftAtOnce() {
        Recorder recorder = new Recorder("");
        cluster.start("a", config -> config.extension(recorder));
        List<String> done = new ArrayList<>();
        recorder.context.sendPackets(List.of(), List.of(bytes("x")), (nothing, failure) -> done.add("sent " + failure));
        cluster.run(Duration.ofMillis(1));

        assertThat(done).containsExactly("sent null");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Claims what begins with a text, and writes down what happens. */
    private static class Recorder implements Extension {
        final List<String> happened = new ArrayList<>();
        private final String prefix;
        ExtensionContext context;

        Recorder(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void start(ExtensionContext context) {
            this.context = context;
            happened.add("start");
        }

        @Override
        public void stop() {
            happened.add("stop");
        }

        @Override
        public boolean claims(byte[] payload) {
            return text(payload).startsWith(prefix);
        }

        @Override
        public void packetReceived(byte[] payload) {
            happened.add("packet " + text(payload));
        }

        @Override
        public void streamReceived(byte[] payload) {
            happened.add("stream " + text(payload));
        }

        @Override
        public void stateExchanged(InetSocketAddress with) {
            happened.add("exchanged " + with.getAddress().getHostAddress() + ":" + with.getPort());
        }

        @Override
        public void memberChanged(MemberEvent event) {
            happened.add(event.getClass().getSimpleName() + " " + event.member().name());
        }
    }
}
