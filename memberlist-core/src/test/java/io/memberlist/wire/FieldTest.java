package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void everyFieldIsFoundByItsName(Field field) {
        byte[] bytes = ("before" + field + "behind it").getBytes(StandardCharsets.UTF_8);

        assertThat(Field.of(bytes, 6, 6 + field.name.length)).isSameAs(field);
        assertThat(Field.of(field.name, 0, field.name.length)).isSameAs(field).hasToString(field.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Nobody", "NodeX", "Nod", "node", "", "ä", "UserStateLength"})
    void otherNamesAreUnknown(String name) {
        byte[] bytes = (name + "behind it").getBytes(StandardCharsets.UTF_8);

        assertThat(Field.of(bytes, 0, name.getBytes(StandardCharsets.UTF_8).length))
                .isSameAs(Field.UNKNOWN);
    }

    @Test
    void aNameIsTheSameForAllWhoReadIt() {
        assertThat(Field.ADDR).hasToString("Addr");
        assertThat(Field.USER_STATE_LEN).hasToString("UserStateLen");
    }
}
