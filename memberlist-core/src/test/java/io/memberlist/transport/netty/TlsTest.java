package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.testing.TestCertificates;
import io.memberlist.testing.TestCertificates.Identity;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportDrop;
import io.memberlist.transport.TransportException;
import io.memberlist.transport.tls.PeerCheck;
import io.memberlist.transport.tls.TlsIdentity;
import io.memberlist.transport.tls.TlsSettings;
import java.net.Socket;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is let in, on both transports with TLS. */
@ParameterizedClass
@EnumSource(value = TestOptions.class, names = "TCP", mode = EnumSource.Mode.EXCLUDE)
class TlsTest {
    private static final TestCertificates CA = TestCertificates.shared();
    private static final TestCertificates OTHER_CA = TestCertificates.create();
    private static final String HERE = "127.0.0.1";
    private static final String ELSEWHERE = "192.0.2.1";

    private final TestTransports network = new TestTransports(IoBackend.best());
    private final TestOptions kind;

    TlsTest(TestOptions kind) {
        this.kind = kind;
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static TlsIdentity identity(String address) {
        return CA.member(builder -> builder.addSanIpAddress(address)).tls();
    }

    private RecordingListener started(TlsSettings settings) {
        return network.started(kind.options(settings));
    }

    private static TlsSettings settings(TlsIdentity identity, PeerCheck check) {
        return TlsSettings.builder(identity, identity).check(check).build();
    }

    private static TlsSettings named(TlsIdentity identity, String peerName) {
        return TlsSettings.builder(identity, identity).peerName(peerName).build();
    }

    private static void assertTheyTalk(RecordingListener a, RecordingListener b) {
        get(a.send(b.address(), new byte[] {1}));
        assertThat(b.nextPacket().bytes()).containsExactly(1);
        get(b.send(a.address(), new byte[] {2}));
        assertThat(a.nextPacket().bytes()).containsExactly(2);
        var dialled = a.dial(b.address());
        dialled.send(new byte[] {3});
        assertThat(b.nextAccepted().receive(1)).containsExactly(3);
    }

    /** Neither a packet nor a stream of the first arrives at the second, which counts that. */
    private static void assertRefused(RecordingListener a, RecordingListener b) {
        get(a.send(b.address(), new byte[] {1}));
        assertThat(b.nextDrop().reason()).isEqualTo(TransportDrop.NOT_TRUSTED);
        var dialled = a.dial(b.address());
        dialled.outcome();
        assertThat(b.accepted).isEmpty();
        assertThat(b.packets).isEmpty();
    }

    @Test
    void membersWithCertificatesOfOneAuthorityTalk() {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        RecordingListener b = started(TlsSettings.of(identity(HERE)));

        assertTheyTalk(a, b);
        assertThat(a.transport.security().protocol()).isEqualTo("TLSv1.3");
        assertThat(a.transport.security().certificateExpiresAt())
                .isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(1)));
    }

    @Test
    void anOlderProtocolIsSpokenWhereItIsAskedFor() throws Exception {
        TlsIdentity today = identity(HERE);
        TlsIdentity older = new TlsIdentity(today.keys(), today.trust(), List.of("TLSv1.2"), List.of());
        RecordingListener a = started(TlsSettings.of(older));
        RecordingListener b = started(TlsSettings.of(today));

        assertTheyTalk(a, b);
        assertThat(b.transport.security().protocol()).isEqualTo("TLSv1.2");
    }

    @Test
    void whoHasACertificateOfAnotherAuthorityIsRefusedAndHurtsNobody() {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        RecordingListener b = started(TlsSettings.of(identity(HERE)));
        RecordingListener stranger = started(TlsSettings.of(OTHER_CA.member().tls()));

        assertRefused(stranger, a);
        RecordingListener.Drop said = stranger.nextDrop();
        assertThat(said.reason()).isEqualTo(TransportDrop.NOT_TRUSTED);
        assertThat(said.detail()).contains("certificate of the other side is not trusted");
        assertTheyTalk(a, b);
    }

    /** The stranger trusts everybody, so that it is the member who has to refuse. */
    @Test
    void whoIsTrustedByNobodyIsRefusedThoughItTrustsEverybody() throws Exception {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        TlsIdentity gullible = OTHER_CA.member().tls(CA.certificate());
        RecordingListener stranger = started(TlsSettings.of(gullible));

        assertRefused(stranger, a);
    }

    @Test
    void aStreamToSomebodyWhoIsNotTrustedSaysWhy() {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        RecordingListener stranger = started(TlsSettings.of(OTHER_CA.member().tls()));

        assertThat(a.dial(stranger.address()).outcome().failure())
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith(
                        "cannot connect to 127.0.0.1:" + stranger.address().getPort() + ": ")
                .hasMessageContaining("the certificate of the other side is not trusted");
    }

    @Test
    void whoHasNoCertificateIsRefused() throws Exception {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        KeyStore nothing = KeyStore.getInstance("PKCS12");
        nothing.load(null, null);
        TlsIdentity none = TlsIdentity.of(nothing, new char[0], CA.trustStore());
        RecordingListener b = started(TlsSettings.builder(identity(HERE), none).build());

        assertRefused(b, a);
    }

    @Test
    void clientsNeedNoCertificateWhereThatIsSet() throws Exception {
        RecordingListener a = started(TlsSettings.builder(identity(HERE), identity(HERE))
                .clientCertificates(false)
                .build());
        KeyStore nothing = KeyStore.getInstance("PKCS12");
        nothing.load(null, null);
        TlsIdentity none = TlsIdentity.of(nothing, new char[0], CA.trustStore());
        RecordingListener b = started(TlsSettings.builder(identity(HERE), none).build());

        get(b.send(a.address(), new byte[] {1}));
        assertThat(a.nextPacket().bytes()).containsExactly(1);
    }

    @Test
    void aCertificateForAnotherAddressIsRefusedOnBothSides() {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        RecordingListener b = started(TlsSettings.of(identity(ELSEWHERE)));

        // It claims an address that it has no certificate for.
        assertRefused(b, a);
        // It is called at one.
        get(a.send(b.address(), new byte[] {1}));
        assertThat(a.dial(b.address()).outcome().failure()).hasMessageContaining(HERE);
        assertThat(b.packets).isEmpty();
    }

    @Test
    void addressesAreNotCheckedWhereThatIsSwitchedOffButAuthoritiesAre() {
        RecordingListener a = started(settings(identity(ELSEWHERE), PeerCheck.NONE));
        RecordingListener b = started(settings(identity(ELSEWHERE), PeerCheck.NONE));
        RecordingListener stranger = started(settings(OTHER_CA.member().tls(), PeerCheck.NONE));

        assertTheyTalk(a, b);
        assertRefused(stranger, a);
    }

    @Test
    void oneNameForAllMembersIsChecked() {
        Identity right = CA.member(builder -> builder.addSanDnsName("cluster.example"));
        Identity wrong = CA.member(builder -> builder.addSanDnsName("other.example"));
        RecordingListener a = started(named(right.tls(), "cluster.example"));
        RecordingListener b = started(named(right.tls(), "cluster.example"));
        RecordingListener c = started(named(wrong.tls(), "cluster.example"));

        assertTheyTalk(a, b);
        assertRefused(c, a);
        assertThat(a.dial(c.address()).outcome().failure()).hasMessageContaining("cluster.example");
    }

    @Test
    void theNameOfTheMemberThatIsCalledIsCheckedWhereNoneIsSet() {
        TlsIdentity one = CA.member(builder -> builder.addSanDnsName("one")).tls();
        RecordingListener a = started(settings(one, PeerCheck.NAME));
        RecordingListener b = started(settings(one, PeerCheck.NAME));

        assertThat(dial(a, new Recipient(b.address(), "two")).outcome().failure())
                .hasMessageContaining("two");
        assertThat(dial(a, Recipient.at(b.address())).outcome().failure()).hasMessageContaining("name/host:port");
        get(dial(a, new Recipient(b.address(), "one")).opened);
    }

    private static RecordingListener.Conversation dial(RecordingListener from, Recipient to) {
        var conversation = from.new Conversation();
        from.transport
                .eventLoop()
                .execute(() -> from.transport.openStream(to, TimeUnit.SECONDS.toNanos(10), conversation));
        return conversation;
    }

    @Test
    void plainTextIsRefusedAndCounted() throws Exception {
        RecordingListener a = started(TlsSettings.of(identity(HERE)));
        try (Socket socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            socket.getOutputStream().write(new byte[] {2, 1, 2, 3, 4, 5, 6, 7, 8});
            RecordingListener.Drop drop = a.nextDrop();
            assertThat(drop.reason()).isEqualTo(TransportDrop.NOT_TRUSTED);
            assertThat(drop.detail()).contains("does not speak TLS");
        }
    }

    @Test
    void renewedCertificatesAreUsedAtOnceAndOldConnectionsGo() {
        TestCertificates both = OTHER_CA;
        TlsSettings settings = TlsSettings.of(identity(HERE));
        RecordingListener a = started(settings);
        RecordingListener b = started(TlsSettings.of(identity(HERE)));
        RecordingListener c = started(TlsSettings.of(both.member().tls()));
        assertTheyTalk(a, b);

        settings.update(both.member().tls(), both.member().tls());

        assertTheyTalk(a, c);
        // The connection from before goes, and nobody who has the former authority alone is reached after that.
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            get(a.send(b.address(), new byte[] {1}));
            return b.drops.poll(200, TimeUnit.MILLISECONDS) != null;
        });
        assertThat(a.dial(b.address()).outcome().failure()).isInstanceOf(TransportException.class);
    }

    @Test
    void ownCertificatesThatCannotWorkAreRefusedAtTheStart() throws Exception {
        Identity expired = CA.member(
                builder -> builder.addSanIpAddress(HERE).notAfter(Instant.now().minus(Duration.ofDays(1))));
        Identity early = CA.member(
                builder -> builder.addSanIpAddress(HERE).notBefore(Instant.now().plus(Duration.ofDays(1))));
        assertThat(failure(expired.tls()))
                .contains("CN=" + TestCertificates.DNS_NAME + " expired at ")
                .contains("renew it");
        assertThat(failure(early.tls())).contains("is valid from ");
        TlsIdentity today = identity(HERE);
        assertThat(failure(new TlsIdentity(today.keys(), today.trust(), List.of("TLSv1.4"), List.of())))
                .contains("the protocol 'TLSv1.4' is unknown: choose among ");
        assertThat(failure(new TlsIdentity(today.keys(), today.trust(), List.of(), List.of("TLS_FOO"))))
                .contains("the cipher suite 'TLS_FOO' is unknown");

        KeyStore mixed = KeyStore.getInstance("PKCS12");
        mixed.load(null, null);
        char[] password = {'x'};
        Key key = CA.member().keyStore(password).getKey("member", password);
        mixed.setKeyEntry("own", key, password, new Certificate[] {CA.member().certificate()});
        assertThat(failure(TlsIdentity.of(mixed, password, CA.trustStore())))
                .contains("does not belong to the private key beside it");

        KeyStore nothing = KeyStore.getInstance("PKCS12");
        nothing.load(null, null);
        assertThat(failure(TlsIdentity.of(nothing, new char[0], CA.trustStore())))
                .contains("no private key");
    }

    private String failure(TlsIdentity identity) {
        TlsSettings settings = TlsSettings.of(identity);
        TcpTransportFactory factory = (kind == TestOptions.TLS
                        ? TcpTransportFactory.tls(settings)
                        : TcpTransportFactory.tcp(settings))
                .build();
        CompletableFuture<Transport> opened = factory.open(TestTransports.ANY_PORT);
        return TestTransports.failureOf(opened).getMessage();
    }

    @Test
    void nothingOfAKeyIsInTheText() {
        TlsSettings settings = TlsSettings.of(identity(HERE));
        assertThat(settings.toString())
                .isEqualTo("TlsSettings[check=ADDRESS peerName=null clientCertificates=true " + settings.identities()
                        + "]")
                .doesNotContainIgnoringCase("key");
    }
}
