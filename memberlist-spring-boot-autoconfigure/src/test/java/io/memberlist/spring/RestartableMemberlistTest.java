package io.memberlist.spring;

import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.MemberState;
import io.memberlist.Memberlist;
import io.memberlist.delegate.MeasurementListener;
import org.junit.jupiter.api.Test;

class RestartableMemberlistTest {
    @Test
    void whoListensToMeasurementsHearsOfTheNextEngineToo() {
        Memberlist first = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));
        Memberlist next = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));
        RestartableMemberlist member = new RestartableMemberlist(first, previous -> next, joined -> {});
        MeasurementListener listener = (what, value) -> {};
        member.addMeasurementListener(listener);

        when(first.isRunning()).thenReturn(false);
        member.start();

        verify(first).addMeasurementListener(listener);
        verify(next).addMeasurementListener(listener);
    }
}
