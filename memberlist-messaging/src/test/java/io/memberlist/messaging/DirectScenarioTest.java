package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static io.memberlist.messaging.RecordingSubscriber.messaging;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.messaging.message.MessagingException;
import io.memberlist.messaging.message.NoResponderException;
import io.memberlist.messaging.message.ResponderException;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.messaging.metrics.MessagingStatistics;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.LinkFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages to one member, requests and answers, in virtual time. */
class DirectScenarioTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualCluster cluster = new VirtualCluster(12, RecordingSubscriber::messaging);
    private Memberlist a;
    private Memberlist b;
    private RecordingSubscriber atB;
    private Member toB;

    @BeforeEach
    void twoMembers() {
        List<Memberlist> members = cluster.startJoined(3, config -> messaging(config, m -> m.handlerQueueDepth(1024)));
        a = members.get(0);
        b = members.get(1);
        atB = new RecordingSubscriber(b);
        toB = a.member("node-1").orElseThrow();
    }

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void arrivesAtOneMemberOnly() {
        RecordingSubscriber atC = new RecordingSubscriber(cluster.start("c"));
        MessageId first = cluster.await(ClusterMessaging.of(a).send(toB, "t", bytes("one"), Delivery.BEST_EFFORT));
        MessageId second = cluster.await(ClusterMessaging.of(a).send(toB, "t", bytes("two"), Delivery.RELIABLE));
        cluster.run(SECOND);

        assertThat(atB.texts()).containsExactly("one", "two");
        assertThat(atB.messages()).extracting(ClusterMessage::id).containsExactly(first, second);
        assertThat(atB.messages()).extracting(ClusterMessage::kind).containsOnly(MessageKind.DIRECT);
        assertThat(atB.messages()).extracting(ClusterMessage::arrival).containsExactly(Arrival.PACKET, Arrival.STREAM);
        assertThat(atC.messages()).isEmpty();
    }

    @Test
    void reachesItselfWithoutTheNetwork() {
        RecordingSubscriber atA = new RecordingSubscriber(a);

        cluster.await(ClusterMessaging.of(a).send(a.localMember(), "t", bytes("me"), Delivery.RELIABLE));
        cluster.run(SECOND);

        assertThat(atA.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.arrival()).isEqualTo(Arrival.LOCAL));
    }

    @Test
    void bestEffortBeyondAPacketIsRefusedWithTheLimit() {
        assertThatThrownBy(() -> ClusterMessaging.of(a).send(toB, "t", new byte[1400], Delivery.BEST_EFFORT))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("1400")
                .hasMessageContaining("reliably");
    }

    @Test
    void reliableIsDoneWhenTheOtherMemberHasIt() {
        CompletableFuture<MessageId> sent = ClusterMessaging.of(a).send(toB, "t", bytes("one"), Delivery.RELIABLE);
        cluster.time().runUntil("it is there", SECOND, () -> atB.count() == 1);
        assertThat(sent).isNotDone();

        cluster.time().runUntil("the other side's end of the stream is heard", SECOND, sent::isDone);
        assertThat(sent).isCompleted();
    }

    @Test
    void reliableFailsWhereTheOtherMemberDoesNotTakeIt() {
        List<Integer> pieces = new ArrayList<>();
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                pieces.add(1);
                return pieces.size() > 2 ? StreamFate.STALLS : StreamFate.PASSES;
            }
        });
        CompletableFuture<MessageId> sent = ClusterMessaging.of(a).send(toB, "t", bytes("one"), Delivery.RELIABLE);
        cluster.time().runUntil("it has failed", Duration.ofSeconds(11), sent::isDone);

        assertThatThrownBy(sent::join)
                .cause()
                .hasMessageContaining("nothing was taken by")
                .hasMessageContaining("10000 ms");
        assertThat(atB.messages()).isEmpty();
    }

    @Test
    void reliableFailsWithWhatTheOtherMemberSaysIsWrongWithIt() {
        Memberlist narrow = cluster.start("narrow", config -> config.limits(l -> l.userMessageSize(1000)));
        cluster.await(narrow.join(VirtualCluster.addressOf(a)));
        CompletableFuture<MessageId> sent =
                ClusterMessaging.of(a).send(a.member("narrow").orElseThrow(), "t", new byte[2000], Delivery.RELIABLE);
        cluster.time().runUntil("it has failed", Duration.ofSeconds(11), sent::isDone);

        assertThatThrownBy(sent::join).cause().hasMessageContaining("1000");
    }

    @Test
    void reliableFailsWhereNobodyListens() {
        cluster.crash(b);

        CompletableFuture<MessageId> sent = ClusterMessaging.of(a).send(toB, "t", bytes("x"), Delivery.RELIABLE);
        cluster.runUntil("it has failed", sent::isDone);

        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void aRequestIsAnswered() {
        ClusterMessaging.of(b).respond("sum", request -> {
            assertThat(request.kind()).isEqualTo(MessageKind.REQUEST);
            assertThat(request.origin()).isEqualTo("node-0");
            return CompletableFuture.completedFuture(bytes(request.payloadText() + "=3"));
        });

        ClusterMessage answer = cluster.await(ClusterMessaging.of(a).request(toB, "sum", bytes("1+2"), SECOND));

        assertThat(answer.payloadText()).isEqualTo("1+2=3");
        assertThat(answer.origin()).isEqualTo("node-1");
        assertThat(answer.kind()).isEqualTo(MessageKind.ANSWER);
        assertThat(atB.messages()).isEmpty();
    }

    @Test
    void anAnswerMayComeLater() {
        CompletableFuture<byte[]> later = new CompletableFuture<>();
        ClusterMessaging.of(b).respond("slow", request -> later);
        CompletableFuture<ClusterMessage> answer = ClusterMessaging.of(a).request(toB, "slow", bytes(""), SECOND);
        cluster.run(Duration.ofMillis(500));
        assertThat(answer).isNotDone();

        later.complete(new byte[100_000]);

        assertThat(cluster.await(answer).payloadLength()).isEqualTo(100_000);
    }

    @Test
    void aMemberAnswersItself() {
        ClusterMessaging.of(a).respond("echo", request -> CompletableFuture.completedFuture(request.payload()));

        assertThat(cluster.await(ClusterMessaging.of(a).request(a.localMember(), "echo", bytes("me"), SECOND))
                        .payloadText())
                .isEqualTo("me");
    }

    @Test
    void withoutAResponderTheErrorComesAtOnce() {
        CompletableFuture<ClusterMessage> answer = ClusterMessaging.of(a).request(toB, "nobody", bytes(""), SECOND);
        cluster.run(Duration.ofMillis(100));

        assertThat(answer)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NoResponderException.class)
                .withMessageContaining("nobody")
                .withMessageContaining("node-1");
    }

    @Test
    void theRespondersFailureComesBack() {
        ClusterMessaging.of(b).respond("bad", request -> {
            throw new IllegalStateException("out of order " + "x".repeat(2000));
        });
        CompletableFuture<ClusterMessage> answer = ClusterMessaging.of(a).request(toB, "bad", bytes(""), SECOND);
        cluster.run(Duration.ofMillis(100));

        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(ResponderException.class)
                .hasMessageContaining("out of order")
                .satisfies(failure -> assertThat(failure.getMessage().length()).isLessThan(600));
    }

    @Test
    void aRequestTimesOut() {
        ClusterMessaging.of(b).respond("never", request -> new CompletableFuture<>());
        CompletableFuture<ClusterMessage> answer = ClusterMessaging.of(a).request(toB, "never", bytes(""), SECOND);
        cluster.run(Duration.ofMillis(1100));

        assertThatThrownBy(answer::join)
                .cause()
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("node-1");
    }

    @Test
    void aRequestThatIsGivenUpIsNotSentAnyMore() {
        List<String> asked = new ArrayList<>();
        ClusterMessaging.of(b).respond("echo", request -> {
            asked.add(request.payloadText());
            return CompletableFuture.completedFuture(request.payload());
        });
        cluster.network().cut((from, to) -> true);
        List<CompletableFuture<ClusterMessage>> inVain = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            inVain.add(ClusterMessaging.of(a).request(toB, "echo", bytes("in vain"), SECOND));
        }
        CompletableFuture<ClusterMessage> cancelled =
                ClusterMessaging.of(a).request(toB, "echo", bytes("cancelled"), Duration.ofMinutes(1));
        cluster.run(SECOND);
        cancelled.cancel(false);
        CompletableFuture<ClusterMessage> wanted =
                ClusterMessaging.of(a).request(toB, "echo", bytes("wanted"), Duration.ofMinutes(1));
        cluster.run(SECOND);
        cluster.network().heal();

        assertThat(cluster.await(wanted).payloadText()).isEqualTo("wanted");
        cluster.run(Duration.ofSeconds(30));
        assertThat(inVain).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(asked).containsExactly("wanted");
        assertThat(ClusterMessaging.of(a).statistics().outgoing()).isZero();
    }

    @Test
    void whoGivesUpTheFutureHasNotMadeRoomForMore() {
        hasNotMadeRoomForMore(one -> one.completeExceptionally(new TimeoutException("the caller's own")));
    }

    @Test
    void whoCancelsTheFutureHasNotMadeRoomForMore() {
        hasNotMadeRoomForMore(one -> one.cancel(false));
    }

    private void hasNotMadeRoomForMore(Consumer<CompletableFuture<MessageId>> givingUp) {
        Memberlist narrow = cluster.start("narrow", config -> messaging(config, m -> m.queueDepth(10)));
        cluster.await(narrow.join(VirtualCluster.addressOf(a)));
        cluster.network().faults(new LinkFaults() {
            @Override
            public StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
                return StreamFate.STALLS;
            }
        });
        List<CompletableFuture<MessageId>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<MessageId> one = ClusterMessaging.of(narrow)
                    .send(narrow.member("node-1").orElseThrow(), "t", bytes("" + i), Delivery.RELIABLE);
            cluster.run(Duration.ofMillis(1));
            givingUp.accept(one);
            sent.add(one);
        }

        assertThat(ClusterMessaging.of(narrow).statistics().outgoing()).isEqualTo(10);
        assertThat(ClusterMessaging.of(narrow).statistics().drops()).containsEntry("outgoing_full", 10L);
        cluster.run(Duration.ofMinutes(2));
        assertThat(ClusterMessaging.of(narrow).statistics().outgoing()).isZero();
    }

    @Test
    void whatWaitsForAResponderThatIsClosedFailsAtOnce() {
        List<CompletableFuture<byte[]>> never = new ArrayList<>();
        Subscription responder = ClusterMessaging.of(b)
                .respond("t", request -> CompletableFuture.completedFuture(request.payload()), task -> never.add(null));
        CompletableFuture<ClusterMessage> answer =
                ClusterMessaging.of(a).request(toB, "t", bytes("?"), Duration.ofSeconds(20));
        cluster.run(SECOND);
        assertThat(never).isNotEmpty();
        responder.close();
        cluster.run(SECOND);

        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(answer::join)
                .cause()
                .isInstanceOf(ResponderException.class)
                .hasMessageContaining("was closed");
    }

    @Test
    void requestsAreAnsweredAtTheSameTime() {
        List<Runnable> given = new ArrayList<>();
        ClusterMessaging.of(b)
                .respond("t", request -> CompletableFuture.completedFuture(request.payload()), given::add);
        for (int i = 0; i < 20; i++) {
            ClusterMessaging.of(a).request(toB, "t", bytes("?"), Duration.ofSeconds(20));
        }
        cluster.run(SECOND);

        assertThat(given).hasSize(8);
        given.get(7).run();
        assertThat(given).hasSize(9);
    }

    @Test
    void aRequestThatNobodyWaitsForIsNotExecuted() {
        List<Runnable> given = new ArrayList<>();
        List<String> executed = new ArrayList<>();
        ClusterMessaging.of(b)
                .respond(
                        "t",
                        request -> {
                            executed.add(request.payloadText());
                            return CompletableFuture.completedFuture(request.payload());
                        },
                        given::add);
        cluster.network().faults(new LinkFaults() {
            @Override
            public List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
                // Nobody hears that the caller gave up.
                return List.of();
            }
        });
        ClusterMessaging.of(a).request(toB, "t", bytes("expired"), Duration.ofMillis(500));
        ClusterMessaging.of(a).request(toB, "t", bytes("wanted"), Duration.ofSeconds(20));
        cluster.run(SECOND);
        for (int i = 0; i < given.size(); i++) {
            given.get(i).run();
        }

        assertThat(executed).containsExactly("wanted");
        assertThat(ClusterMessaging.of(b).statistics().drops()).containsEntry("expired", 1L);
    }

    @Test
    void whoGivesUpTellsTheResponder() {
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        Subscription responder = ClusterMessaging.of(b).respond("t", request -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        });
        CompletableFuture<ClusterMessage> cancelled =
                ClusterMessaging.of(a).request(toB, "t", bytes("?"), Duration.ofSeconds(20));
        ClusterMessaging.of(a).request(toB, "t", bytes("?"), Duration.ofMillis(1500));
        cluster.run(SECOND);
        cancelled.cancel(false);
        cluster.run(SECOND.dividedBy(4));

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isCancelled();
        assertThat(answers.get(1)).isNotDone();
        cluster.run(SECOND);
        assertThat(answers.get(1)).as("the time is over").isCancelled();
        assertThat(responder.failed()).isZero();
    }

    @Test
    void aTopicHasOneResponder() {
        Subscription first = ClusterMessaging.of(b).respond("t", request -> new CompletableFuture<>());

        assertThatThrownBy(() -> ClusterMessaging.of(b).respond("t", request -> new CompletableFuture<>()))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("'t'");

        first.close();
        ClusterMessaging.of(b).respond("t", request -> new CompletableFuture<>());
    }

    @Test
    void aClosedSubscriptionHearsNothing() {
        RecordingSubscriber other = new RecordingSubscriber(b);
        Subscription closing = ClusterMessaging.of(b).subscribe("t", message -> {
            throw new AssertionError("closed");
        });
        closing.close();

        cluster.await(ClusterMessaging.of(a).send(toB, "t", bytes("x"), Delivery.RELIABLE));
        cluster.run(SECOND);

        assertThat(closing.failed()).isZero();
        assertThat(other.texts()).containsExactly("x");
    }

    @Test
    void aHandlerThatThrowsOrHangsTouchesNoOther() {
        Subscription throwing = ClusterMessaging.of(b).subscribe("t", message -> {
            throw new Exception("no");
        });
        // An executor that never runs anything simulates a thread that hangs.
        Subscription hanging = ClusterMessaging.of(b).subscribe("t", message -> {}, task -> {});

        for (int i = 0; i < 2000; i++) {
            ClusterMessaging.of(a).send(toB, "t", bytes("m" + i), Delivery.BEST_EFFORT);
            cluster.run(Duration.ofMillis(1));
        }
        cluster.run(SECOND);

        assertThat(atB.count()).isEqualTo(2000);
        assertThat(throwing.failed()).isEqualTo(2000);
        assertThat(hanging.waiting()).isEqualTo(1024);
        assertThat(hanging.dropped()).isEqualTo(2000 - 1024);
        MessagingStatistics statistics = ClusterMessaging.of(b).statistics();
        assertThat(statistics.drops()).containsEntry("incoming_full", 2000L - 1024);
        assertThat(statistics.handlerFailures()).isEqualTo(2000);
    }

    @Test
    void whatBreaksABoundIsRefused() {
        assertThatThrownBy(() -> ClusterMessaging.of(a).broadcast("", bytes("x")))
                .hasMessageContaining("topic is empty");
        assertThatThrownBy(() -> ClusterMessaging.of(a).broadcast("t".repeat(256), bytes("x")))
                .hasMessageContaining("256 bytes")
                .hasMessageContaining("255");
        assertThatThrownBy(() ->
                        ClusterMessaging.of(a).broadcast("t", bytes("x"), java.util.Map.of("name", "v".repeat(5000))))
                .hasMessageContaining("4096");
        assertThatThrownBy(() -> ClusterMessaging.of(a).broadcast("t", new byte[20 * 1024 * 1024]))
                .hasMessageContaining("20971520")
                .hasMessageContaining("limits.userMessageSize");
        assertThatThrownBy(() -> ClusterMessaging.of(a).request(toB, "t", bytes("x"), Duration.ZERO))
                .hasMessageContaining("timeout");
    }

    @Test
    void switchedOffItFailsAndLeavesEnvelopesToTheApplication() {
        java.util.List<byte[]> raw = new java.util.ArrayList<>();
        Memberlist off =
                cluster.start("off", config -> config.extensions(List.of()).delegates(d -> d.message(raw::add)));
        cluster.await(off.join(VirtualCluster.addressOf(a)));
        cluster.run(Duration.ofSeconds(3));

        assertThatThrownBy(() -> ClusterMessaging.of(off).broadcast("t", bytes("x")))
                .hasMessageContaining("ClusterMessaging.create().extension()");
        ClusterMessaging.of(a).broadcast("t", bytes("x"));
        cluster.run(SECOND);

        assertThat(raw).isNotEmpty().allMatch(EnvelopeFormat::isEnvelope);
    }

    @Test
    void whoIsShutDownRefuses() {
        cluster.await(a.shutdown());

        assertThat(ClusterMessaging.of(a).broadcast("t", bytes("x"))).isCompletedExceptionally();
    }
}
