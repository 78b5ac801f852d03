package io.memberlist.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressQuotaTest {
    private final AddressQuota quota = new AddressQuota(9);

    @Test
    void oneAddressHasHalf() {
        assertThat(quota.tryAcquire(address(1), 3)).isTrue();
        assertThat(quota.tryAcquire(address(1), 3)).isFalse();
        assertThat(quota.tryAcquire(address(1), 2)).isTrue();
        assertThat(quota.tryAcquire(address(1), 1)).isFalse();
        assertThat(quota.used()).isEqualTo(5);
    }

    @Test
    void allTogetherHaveNoMoreThanThereIs() {
        assertThat(quota.tryAcquire(address(1), 5)).isTrue();
        assertThat(quota.tryAcquire(address(2), 3)).isTrue();
        assertThat(quota.tryAcquire(address(3), 2)).isFalse();
        assertThat(quota.tryAcquire(address(3), 1)).isTrue();
        assertThat(quota.used()).isEqualTo(9);
    }

    @Test
    void whatIsGivenBackCanBeHadAgain() {
        quota.tryAcquire(address(1), 5);
        quota.tryAcquire(address(2), 4);
        quota.release(address(1), 2);
        assertThat(quota.tryAcquire(address(3), 2)).isTrue();
        quota.release(address(1), 3);
        quota.release(address(2), 4);
        quota.release(address(3), 2);

        assertThat(quota.used()).isZero();
        assertThat(quota.tryAcquire(address(1), 5)).isTrue();
    }

    @Test
    void whereThereIsOneItGoesToWhoeverComesFirst() {
        AddressQuota one = new AddressQuota(1);

        assertThat(one.tryAcquire(address(1), 1)).isTrue();
        assertThat(one.tryAcquire(address(2), 1)).isFalse();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
