package io.memberlist.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTagsTest {
    @Test
    void areWrittenAsSerfWritesThem() {
        assertThat(HexFormat.of().formatHex(MemberTags.encode(Map.of("role", "web", "dc", "eu"))))
                .isEqualTo("ff82a26463a26575a4726f6c65a3776562");
        assertThat(MemberTags.encode(Map.of())).isEmpty();
    }

    @Test
    void knowNoStr8BecauseTheOldFormatHasNone() {
        byte[] meta = MemberTags.encode(Map.of("k", "v".repeat(40)));

        assertThat(HexFormat.of().formatHex(Arrays.copyOf(meta, 7))).isEqualTo("ff81a16bda0028");
        assertThat(MemberTags.decode(meta)).containsExactly(Map.entry("k", "v".repeat(40)));
    }

    @Test
    void areReadInTheNewFormatToo() {
        assertThat(MemberTags.decode(HexFormat.of().parseHex("ff81d90161c40162")))
                .containsExactly(Map.entry("a", "b"));
    }

    @Test
    void comeBackAsTheyWere() {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            tags.put("tag" + i, "wört " + i);
        }
        tags.put("", "");

        assertThat(MemberTags.decode(MemberTags.encode(tags))).isEqualTo(tags);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff",
                "ff80",
                "00",
                "ffc0",
                "ff81",
                "ff81a161",
                "ff81a161a5",
                "ff810102",
                "ffdfffffffff",
                "ff81dbffffffffa1",
                "ff81db7fffffff00",
                "ff91a161",
                "68656c6c6f"
            })
    void areNoneInForeignMetadata(String hex) {
        assertThat(MemberTags.decode(HexFormat.of().parseHex(hex))).isEmpty();
    }

    @Test
    void neverFailWhateverTheBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] meta = new byte[1 + random.nextInt(40)];
            random.nextBytes(meta);
            meta[0] = (byte) 0xff;
            assertThatNoException().isThrownBy(() -> MemberTags.decode(meta));
        }
    }

    @Test
    void mustFitTheMetadata() {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> MemberTags.encode(Map.of("k", "v".repeat(512))))
                .withMessageContaining("519 bytes")
                .withMessageContaining("the limit is 512 bytes")
                .satisfies(failure -> assertThat(failure.setting()).isEqualTo("meta"));
    }

    @Test
    void areReadFromAMember() {
        assertThat(member(MemberTags.encode(Map.of("role", "web"))).tags()).containsExactly(Map.entry("role", "web"));
        assertThat(member("text".getBytes(StandardCharsets.UTF_8)).tags()).isEmpty();
    }

    private static Member member(byte[] meta) {
        return new Member(
                "a",
                new InetSocketAddress("10.0.0.1", 7946),
                meta,
                MemberState.ALIVE,
                1,
                new MemberVersions(1, 5, 2, 0, 0, 0),
                Instant.EPOCH);
    }
}
