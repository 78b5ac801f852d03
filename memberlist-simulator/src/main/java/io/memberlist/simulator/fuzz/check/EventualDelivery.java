package io.memberlist.simulator.fuzz.check;

/**
 * Every running process receives every broadcast that a running process stores, within a {@linkplain DeliveryLedger
 * bound} after the end of the last fault. Exceptions are broadcasts that have become too old, or appear so because of
 * wrong clocks; broadcasts that no running process stores, because the origin crashed before any other had it, or
 * because the stores had no room; and broadcasts that the process dropped because its application did not keep up.
 */
public final class EventualDelivery implements Checker {
    private final DeliveryLedger ledger;

    /** @param ledger receives every observation before this checker does */
    public EventualDelivery(DeliveryLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void observe(Observation observation, Report report) {
        ledger.observe(observation);
        if (observation instanceof Observation.Quiescent now) {
            for (DeliveryLedger.Debt debt : ledger.debts(now)) {
                if (now.nanos() > debt.dueNanos()) {
                    report.violated(debt.process() + " was not given what " + debt.holder() + " has: "
                            + debt.posted().text() + " at " + debt.posted().nanos() / 1e9 + " s, and all is well since "
                            + now.sinceNanos() / 1e9 + " s");
                    return;
                }
            }
        }
    }
}
