package io.memberlist.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares(9);

    @Test
    void oneAddressHasHalf() {
        assertThat(shares.take(address(1), 3)).isTrue();
        assertThat(shares.take(address(1), 3)).isFalse();
        assertThat(shares.take(address(1), 2)).isTrue();
        assertThat(shares.take(address(1), 1)).isFalse();
        assertThat(shares.taken()).isEqualTo(5);
    }

    @Test
    void allTogetherHaveNoMoreThanThereIs() {
        assertThat(shares.take(address(1), 5)).isTrue();
        assertThat(shares.take(address(2), 3)).isTrue();
        assertThat(shares.take(address(3), 2)).isFalse();
        assertThat(shares.take(address(3), 1)).isTrue();
        assertThat(shares.taken()).isEqualTo(9);
    }

    @Test
    void whatIsGivenBackCanBeHadAgain() {
        shares.take(address(1), 5);
        shares.take(address(2), 4);
        shares.give(address(1), 2);
        assertThat(shares.take(address(3), 2)).isTrue();
        shares.give(address(1), 3);
        shares.give(address(2), 4);
        shares.give(address(3), 2);

        assertThat(shares.taken()).isZero();
        assertThat(shares.take(address(1), 5)).isTrue();
    }

    @Test
    void whereThereIsOneItGoesToWhoeverComesFirst() {
        Shares one = new Shares(1);

        assertThat(one.take(address(1), 1)).isTrue();
        assertThat(one.take(address(2), 1)).isFalse();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
