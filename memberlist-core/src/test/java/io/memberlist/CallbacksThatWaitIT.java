package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Callbacks may use the API, and wait for its futures. */
class CallbacksThatWaitIT {
    private static final int CALLBACK_THREADS = 16;

    private static MemberlistConfigBuilder config(String name) {
        return MemberlistConfig.local()
                .nodeName(name)
                .network(n -> n.bindAddress("127.0.0.1").bindPort(0));
    }

    /** There are more members than callback threads: futures must not need one of these. */
    @Test
    void callbacksOfManyMembersMayWaitForFutures() throws Exception {
        int n = 20;
        CountDownLatch done = new CountDownLatch(n);
        CountDownLatch everyThreadTaken = new CountDownLatch(CALLBACK_THREADS);
        CountDownLatch go = new CountDownLatch(1);
        Map<String, Memberlist> members = new ConcurrentHashMap<>();
        for (int i = 0; i < n; i++) {
            String name = "c" + i;
            members.put(
                    name,
                    Memberlist.create(config(name)
                            .delegates(d -> d.message(message -> {
                                everyThreadTaken.countDown();
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                Memberlist me = members.get(name);
                                me.ping(name, me.localMember().address()).join();
                                done.countDown();
                            }))
                            .build()));
        }
        members.values()
                .forEach(member -> member.sendBestEffort(member.localMember(), "go".getBytes(StandardCharsets.UTF_8)));
        assertThat(everyThreadTaken.await(8, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        assertThat(done.await(8, TimeUnit.SECONDS))
                .as(done.getCount() + " callbacks hang")
                .isTrue();
        members.values().forEach(Memberlist::close);
    }
}
