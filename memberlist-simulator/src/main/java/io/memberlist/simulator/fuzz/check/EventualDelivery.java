package io.memberlist.simulator.fuzz.check;

/**
 * Every process that takes part gets every broadcast that somebody keeps, within a {@linkplain DeliveryLedger bound} from the end of
 * the last trouble. Not owed is what has grown too old meanwhile (where clocks are wrong: may seem to have), what nobody
 * keeps who takes part, because its origin died before anybody had it or because there was no room in their stores, and what the
 * process got and dropped because its application did not keep up.
 */
public final class EventualDelivery implements Checker {
    private final DeliveryLedger post;

    /** @param post hears everything before this checker does */
    public EventualDelivery(DeliveryLedger post) {
        this.post = post;
    }

    @Override
    public void observe(Observation observation, Complaints complaints) {
        post.observe(observation);
        if (observation instanceof Observation.Settled now) {
            for (DeliveryLedger.Debt debt : post.debts(now)) {
                if (now.nanos() > debt.dueNanos()) {
                    complaints.violated(debt.process() + " was not given what " + debt.holder() + " has: "
                            + debt.posted().text() + " at " + debt.posted().nanos() / 1e9 + " s, and all is well since "
                            + now.sinceNanos() / 1e9 + " s");
                    return;
                }
            }
        }
    }
}
