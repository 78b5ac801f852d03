package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.config.MessagingConfig;
import io.memberlist.messaging.message.ClusterMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Records all messages of all topics that one member receives, in order. */
public final class RecordingSubscriber {
    final Memberlist member;
    private final List<ClusterMessage> messages = new ArrayList<>();

    RecordingSubscriber(Memberlist member) {
        this.member = member;
        ClusterMessaging.of(member).subscribeAll(messages::add);
    }

    /** Attaches cluster messages with the default settings. */
    public static MemberlistConfigBuilder messaging(MemberlistConfigBuilder config) {
        return messaging(config, settings -> {});
    }

    /** Attaches cluster messages, in place of any that were attached before. */
    public static MemberlistConfigBuilder messaging(
            MemberlistConfigBuilder config, Consumer<MessagingConfig.Builder> settings) {
        MessagingConfig.Builder builder = MessagingConfig.builder();
        settings.accept(builder);
        return config.extensions(
                List.of(ClusterMessaging.create(builder.build()).extension()));
    }

    static List<RecordingSubscriber> of(List<Memberlist> members) {
        return members.stream().map(RecordingSubscriber::new).toList();
    }

    List<ClusterMessage> messages() {
        return messages;
    }

    List<String> texts() {
        return messages.stream().map(ClusterMessage::payloadText).toList();
    }

    List<String> texts(String topic) {
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .map(ClusterMessage::payloadText)
                .toList();
    }

    int count() {
        return messages.size();
    }

    static boolean allHave(List<RecordingSubscriber> inboxes, int count) {
        return inboxes.stream().allMatch(inbox -> inbox.count() >= count);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
