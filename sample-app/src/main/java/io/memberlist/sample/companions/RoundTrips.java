package io.memberlist.sample.companions;

import io.memberlist.delegate.PingDelegate;
import io.memberlist.member.Member;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The last round trip to each member, measured by any member of this JVM. Safe for use by multiple threads. */
@Component
public final class RoundTrips implements PingDelegate {
    private final Map<String, Duration> last = new ConcurrentHashMap<>();

    @Override
    public byte[] ackPayload() {
        return new byte[0];
    }

    @Override
    public void pingCompleted(Member member, Duration roundTripTime, byte[] payload) {
        last.put(member.name(), roundTripTime);
    }

    /** {@return the last round trip to the member, null if there was none yet} */
    public @Nullable Duration to(String member) {
        return last.get(member);
    }

    void forget(String member) {
        last.remove(member);
    }
}
