package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"Addr", "Incarnation", "Node", "Nodes", "Vsn", "Nobody", "NodeX", "", "ä", "UserStateLength"})
    void everyNameIsReadAsItStands(String name) {
        byte[] bytes = (name + "behind it").getBytes(StandardCharsets.UTF_8);
        int length = name.getBytes(StandardCharsets.UTF_8).length;

        assertThat(FieldNames.of(bytes, length)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Addr", "Algo", "Buf", "Error", "From", "Incarnation", "Join", "Meta", "Nack", "Name"})
    void theNamesOfFieldsAreNotMadeAnew(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);

        assertThat(FieldNames.of(bytes, bytes.length)).isSameAs(FieldNames.of(bytes.clone(), bytes.length));
    }
}
