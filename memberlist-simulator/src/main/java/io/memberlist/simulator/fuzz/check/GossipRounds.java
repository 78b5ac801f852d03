package io.memberlist.simulator.fuzz.check;

import java.util.HashMap;
import java.util.Map;

/**
 * Computes, exactly, how many rounds it takes until all members know what one member knows, if each member that knows
 * it tells one random other member in every round.
 */
final class GossipRounds {
    private final double risk;
    private final Map<Integer, Integer> rounds = new HashMap<>();

    /** @param risk the probability that it takes longer */
    GossipRounds(double risk) {
        this.risk = risk;
    }

    /** {@return the number of rounds that suffices, except for the risk} */
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

    /** {@return the probability of each number of knowing members after another round} */
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
