package io.memberlist.spring.boot.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Resets the network after each test method, because the next one may have the same cached context. */
final class ResetNetworkTestExecutionListener extends AbstractTestExecutionListener {
    ResetNetworkTestExecutionListener() {}

    @Override
    public void afterTestMethod(TestContext testContext) {
        if (testContext.hasApplicationContext()) {
            testContext
                    .getApplicationContext()
                    .getBeanProvider(MemberlistTestNetwork.class)
                    .ifAvailable(MemberlistTestNetwork::reset);
        }
    }
}
