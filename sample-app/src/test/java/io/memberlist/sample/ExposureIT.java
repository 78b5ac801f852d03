package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * Who may use the page and Actuator, where Actuator has a port of its own. Requests are written by hand, since an HTTP
 * client sets the Host header itself.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "memberlist.network.bind-port=0",
            "memberlist.join=",
            "memberlist.node-name=me",
            "management.server.port=0",
            "management.endpoint.members.access=unrestricted",
            "sample.companions=1",
            "sample.allowed-hosts=demo.example"
        })
class ExposureIT {
    @Value("${local.server.port}")
    private int page;

    @Value("${local.management.port}")
    private int actuator;

    @ParameterizedTest
    @ValueSource(strings = {"page", "actuator"})
    void listensOnLoopbackOnly(String which) throws IOException {
        Optional<InetAddress> other = notLoopback();
        assumeTrue(other.isPresent(), "this machine has no other address");

        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(other.get(), port(which)), 2_000);
                    }
                })
                .isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "page     | localhost:1234    | 200",
                "page     | LOCALHOST         | 200",
                "page     | app.localhost:80  | 200",
                "page     | 127.0.0.1         | 200",
                "page     | [::1]:8080        | 200",
                "page     | demo.example      | 200",
                "page     | evil.example      | 403",
                "page     | localhost.evil.example | 403",
                "page     | 127.0.0.1.evil.example | 403",
                "page     | 192.0.2.1         | 403",
                "actuator | localhost         | 200",
                "actuator | evil.example:8080 | 403",
            })
    void answersItsOwnNamesOnly(String which, String host, int status) throws IOException {
        String answer = send(which, "GET", which.equals("page") ? "/" : "/actuator/members", "Host: " + host);

        assertThat(status(answer)).as(answer).isEqualTo(status);
        if (status == 403) {
            assertThat(answer).contains("sample.allowed-hosts", "problem+json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "page     | POST   | /api/broadcasts    | Origin: http://127.0.0.1:1111                 | 200",
                "page     | POST   | /api/broadcasts    | Sec-Fetch-Site: same-origin                   | 200",
                "page     | POST   | /api/broadcasts    | Accept: */*                                   | 200",
                "page     | POST   | /api/broadcasts    | Origin: http://evil.example                   | 403",
                "page     | POST   | /api/broadcasts    | Origin: http://127.0.0.1:2222                 | 403",
                "page     | POST   | /api/broadcasts    | Origin: null                                  | 403",
                "page     | POST   | /api/broadcasts    | Sec-Fetch-Site: cross-site                    | 403",
                "page     | POST   | /api/broadcasts    | Sec-Fetch-Site: same-site                     | 403",
                "page     | GET    | /api/cluster       | Origin: http://evil.example                   | 403",
                "page     | GET    | /                  | Sec-Fetch-Site: cross-site                    | 200",
                "actuator | DELETE | /actuator/members  | Origin: http://evil.example                   | 403",
                "actuator | DELETE | /actuator/members  | Sec-Fetch-Site: cross-site                    | 403",
            })
    void takesRequestsOfItsOwnPageOnly(String which, String method, String path, String header, int status)
            throws IOException {
        String answer =
                send(which, method, path, "Host: 127.0.0.1:1111\r\nContent-Type: application/json\r\n" + header);

        assertThat(status(answer)).as(answer).isEqualTo(status);
    }

    @Test
    void needsAProofThatNoFormOfAnotherSiteCanGive() throws IOException {
        String answer = send("page", "POST", "/api/network/cut", "Host: 127.0.0.1\r\nContent-Type: text/plain");

        assertThat(status(answer)).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/app/main.js", "/style/base.css"})
    void isAskedForAnewWhereverAnotherApplicationMayStandNextTime(String path) throws IOException {
        String answer = send("page", "GET", path, "Host: localhost");

        assertThat(status(answer)).isEqualTo(200);
        assertThat(header(answer, "Cache-Control")).contains("no-cache");
        // The other application must not answer "not modified" for the files of this one.
        assertThat(header(answer, "Last-Modified") + header(answer, "ETag")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app/main.js", "/api/cluster", "/nothing"})
    void cannotBeFramed(String path) throws IOException {
        String answer = send("page", "GET", path, "Host: localhost");

        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    @Test
    void guardsActuatorToo() throws IOException {
        assertThat(header(send("actuator", "GET", "/actuator/health", "Host: localhost"), "Content-Security-Policy"))
                .contains("frame-ancestors 'none'");
    }

    private int port(String which) {
        return which.equals("page") ? page : actuator;
    }

    private String send(String which, String method, String path, String headers) throws IOException {
        String body = method.equals("POST") ? "{\"text\": \"hello\"}" : "";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(which))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\n" + headers
                                    + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    private static String header(String answer, String name) {
        return answer.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static Optional<InetAddress> notLoopback() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
    }
}
