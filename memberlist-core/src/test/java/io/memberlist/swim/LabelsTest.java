package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.NetworkConfig;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.1", 7946);
    private static final Ping PING = new Ping(1, "a", null);

    private static Labels labels(String own, Consumer<NetworkConfig.Builder> accepted) {
        NetworkConfig config = MemberlistConfig.lan()
                .network(n -> accepted.accept(n.label(own)))
                .build()
                .network();
        return new Labels(format(own), nonce -> {}, config);
    }

    private static WireFormat format(String label) {
        return WireFormat.plain(Compression.NONE, WireLimits.DEFAULT).withLabel(label);
    }

    @Test
    void oneLabelLeavesNoChoice() {
        Labels labels = labels("blue", n -> {});
        Labels.Codecs own = labels.reading(new byte[] {1});

        assertThat(labels.reading(new byte[0])).isSameAs(own);
        assertThat(labels.forPackets(PEER)).containsExactly(own);
    }

    @Test
    void aPeerIsSentTheLabelItWasHeardWithLastAndAllAsLongAsItIsUnknown() {
        Labels labels = labels("blue", n -> n.acceptUnlabelled(true).acceptedLabels(List.of("green")));
        Labels.Codecs unlabelled = labels.reading(new byte[] {1});

        assertThat(labels.forPackets(PEER)).hasSize(3).contains(unlabelled);
        labels.heard(PEER, unlabelled);
        assertThat(labels.forPackets(PEER)).containsExactly(unlabelled);
        assertThat(labels.forStream(PEER)).isSameAs(unlabelled.streams());
        labels.unanswered(PEER);
        assertThat(labels.forPackets(PEER)).hasSize(3);
        assertThat(labels.forStream(PEER)).isNotSameAs(unlabelled.streams());
    }

    @Test
    void theLongestLabelCountsAsOverhead() {
        assertThat(labels("", n -> n.acceptedLabels(List.of("green"))).overhead(Checksum.NONE))
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blue", "green"})
    void aRequestIsReadByTheCodecOfItsLabelHoweverSmallItsPiecesAre(String label) throws WireException {
        Labels labels = labels("blue", n -> n.acceptUnlabelled(true).acceptedLabels(List.of("green")));
        RequestReader reader = new RequestReader(labels);
        byte[] request = new StreamCodec(format(label), nonce -> {}).encodeRequest(PING);
        StreamDecoder whole = null;
        for (byte one : request) {
            assertThat(whole).isNull();
            whole = reader.feed(new byte[] {one});
        }

        assertThat(whole).isNotNull();
        assertThat(whole.decode()).isEqualTo(PING);
        assertThat(reader.answering().encodeRequest(PING)).isEqualTo(request);
    }

    @Test
    void aRequestWithALabelThatIsNotAcceptedIsRefused() {
        RequestReader reader = new RequestReader(labels("blue", n -> n.acceptedLabels(List.of("green"))));
        byte[] foreign = new StreamCodec(format("red"), nonce -> {}).encodeRequest(PING);

        assertThatThrownBy(() -> reader.feed(foreign))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("red");
    }
}
