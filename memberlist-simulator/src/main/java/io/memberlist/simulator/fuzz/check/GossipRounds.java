package io.memberlist.simulator.fuzz.check;

import java.util.HashMap;
import java.util.Map;

/**
 * How long it takes until what one member knows is known to all, where each that knows tells one other, drawn at random, in
 * every round: exactly, not about.
 */
final class GossipRounds {
    private final double risk;
    private final Map<Integer, Integer> rounds = new HashMap<>();

    /** @param risk how probable it may be that it takes longer */
    GossipRounds(double risk) {
        this.risk = risk;
    }

    /** {@return so many rounds are enough, but for the risk} */
    int rounds(int members) {
        return rounds.computeIfAbsent(members, this::counted);
    }

    private int counted(int members) {
        double[] knowing = new double[members + 1];
        knowing[Math.min(1, members)] = 1;
        int count = 0;
        while (1 - knowing[members] > risk) {
            knowing = next(knowing, members);
            count++;
        }
        return count;
    }

    /** {@return how probable each number of those who know is after another round} */
    private static double[] next(double[] knowing, int members) {
        double[] after = new double[members + 1];
        for (int before = 1; before <= members; before++) {
            double[] told = new double[members + 1];
            told[before] = knowing[before];
            for (int teller = 0; teller < before; teller++) {
                for (int now = members - 1; now >= before; now--) {
                    double fresh = told[now] * (members - now) / (members - 1);
                    told[now] -= fresh;
                    told[now + 1] += fresh;
                }
            }
            for (int now = before; now <= members; now++) {
                after[now] += told[now];
            }
        }
        return after;
    }
}
