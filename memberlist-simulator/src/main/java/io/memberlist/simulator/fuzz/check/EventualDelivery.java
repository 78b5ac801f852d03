package io.memberlist.simulator.fuzz.check;

/**
 * Every process that takes part gets every broadcast that somebody keeps, within a {@linkplain DeliveryLedger bound} from the end of
 * the last trouble. Not owed is what has grown too old meanwhile (where clocks are wrong: may seem to have), what nobody
 * keeps who takes part, because its origin died before anybody had it or because there was no room in their stores, and what the
 * process got and dropped because its application did not keep up.
 */
public final class EventualDelivery implements Checker {
    private final DeliveryLedger ledger;

    /** @param ledger hears everything before this checker does */
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
