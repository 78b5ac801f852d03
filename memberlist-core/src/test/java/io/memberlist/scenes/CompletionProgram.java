package io.memberlist.scenes;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends a number of messages at once, and blocks for a fifth of a second in the completion of each. Prints {@code
 * completed COUNT}, after a minute at the latest.
 */
final class CompletionProgram {
    private CompletionProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        int messages = Integer.parseInt(arguments[0]);
        MemberlistConfig config = MemberlistConfig.local()
                .nodeName("m")
                .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                .build();
        CountDownLatch completions = new CountDownLatch(messages);
        try (Memberlist member = Memberlist.create(config)) {
            Member self = member.localMember();
            for (int i = 0; i < messages; i++) {
                member.sendBestEffort(self, new byte[10]).whenComplete((nothing, failure) -> {
                    sleep();
                    completions.countDown();
                });
            }
            completions.await(60, TimeUnit.SECONDS);
            System.out.println("completed " + (messages - completions.getCount()));
        }
        System.exit(0);
    }

    private static void sleep() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
