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
        String name = field.toString();
        byte[] bytes = ("before" + name + "behind it").getBytes(StandardCharsets.UTF_8);

        assertThat(Field.of(bytes, 6, 6 + name.length())).isSameAs(field);
        assertThat(Field.of(name.getBytes(StandardCharsets.UTF_8), 0, name.length()))
                .isSameAs(field);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void everyFieldIsFoundWhereItWasWritten(Field field) {
        Buffer out = new Buffer(0);
        new MapWriter(out, 0).bytesOrEmpty(field, new byte[0]);
        out.size--;
        byte[] whole = out.toBytes();
        out.append("behind it".getBytes(StandardCharsets.UTF_8));

        assertThat(Field.at(out.bytes, 1)).isSameAs(field);
        assertThat(Field.at(whole, 1)).isIn(field, Field.UNKNOWN);
        out.bytes[field.size]++;
        assertThat(Field.at(out.bytes, 1)).isSameAs(Field.UNKNOWN);
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
