package io.memberlist.simulator.fuzz.check;

import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A cluster message arrives as it was sent: with its payload, topic, headers, origin and kind; with the same id, order
 * and time at every member; and, if it has one recipient, at that member only. An answer is the correct one, from the
 * member that was asked. An origin numbers its broadcasts without gaps. This does not hold if unencrypted packets are
 * corrupted.
 */
public final class ClusterMessageIntegrity implements Checker {
    private static final int SCRAMBLE = 0x55;

    private final boolean honest;
    private final Map<Long, Observation.ClusterMessageSent> posted = new HashMap<>();
    private final Map<Long, ClusterMessage> first = new HashMap<>();
    private final Map<MessageId, Long> broadcasts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();

    /** @param honest whether no peer forges updates: with a forged address, another member receives the messages */
    public ClusterMessageIntegrity(boolean honest) {
        this.honest = honest;
    }

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ClusterMessageSent one) {
            posted.put(one.serial(), one);
        } else if (observation instanceof Observation.ClusterMessageDelivered delivered) {
            String wrong = wrong(delivered);
            if (!wrong.isEmpty()) {
                report.violated(delivered.observer() + " was given " + delivered.message() + ": " + wrong);
            }
        } else if (observation instanceof Observation.ClusterMessageCompleted done && done.answer() != null) {
            String wrong = wrongAnswer(posted.get(done.serial()), done.answer());
            if (!wrong.isEmpty()) {
                report.violated(done.observer() + " was answered " + done.answer() + ": " + wrong);
            }
        }
    }

    private String wrong(Observation.ClusterMessageDelivered delivered) {
        ClusterMessage message = delivered.message();
        byte[] payload = message.payload();
        long serial = Observation.ClusterMessageSent.serial(payload);
        Observation.ClusterMessageSent sent = posted.get(serial);
        if (sent == null || !Arrays.equals(payload, sent.payload())) {
            return "nobody sent this payload";
        }
        if (message.kind() != sent.kind()
                || !message.topic().equals(sent.topic())
                || !message.headers().equals(sent.headers())
                || !message.origin().equals(Observation.node(sent.observer()))) {
            return "it was sent otherwise: " + sent.text() + " with " + sent.headers();
        }
        if (honest && !sent.to().isEmpty() && !sent.to().equals(Observation.node(delivered.observer()))) {
            return "it was meant for " + sent.to();
        }
        ClusterMessage before = first.putIfAbsent(serial, message);
        if (before != null
                && (!before.id().equals(message.id())
                        || before.order() != message.order()
                        || !before.created().equals(message.created()))) {
            return "it was known as " + before;
        }
        return message.kind() == MessageKind.BROADCAST ? wrongNumber(delivered, sent) : "";
    }

    private String wrongNumber(Observation.ClusterMessageDelivered delivered, Observation.ClusterMessageSent sent) {
        MessageId id = delivered.message().id();
        Long other = broadcasts.putIfAbsent(id, sent.serial());
        if (other != null && other != sent.serial()) {
            return "that is the id of " + other + " too";
        }
        if (delivered.observer().equals(sent.observer()) && delivered.dropped() == 0) {
            long expected = numbers.merge(sent.observer(), 1L, Long::sum);
            if (id.number() != expected) {
                return "it should have been its origin's number " + expected;
            }
        }
        return "";
    }

    /** {@return the answer that every handler gives to a question} */
    public static byte[] answerTo(byte[] question) {
        byte[] answer = question.clone();
        for (int i = Long.BYTES; i < answer.length; i++) {
            answer[i] ^= SCRAMBLE;
        }
        return answer;
    }

    private static String wrongAnswer(Observation.ClusterMessageSent asked, ClusterMessage answer) {
        return Arrays.equals(answer.payload(), answerTo(asked.payload()))
                        && answer.origin().equals(asked.to())
                        && answer.topic().equals(asked.topic())
                        && answer.kind() == MessageKind.ANSWER
                ? ""
                : "to " + asked.text();
    }
}
