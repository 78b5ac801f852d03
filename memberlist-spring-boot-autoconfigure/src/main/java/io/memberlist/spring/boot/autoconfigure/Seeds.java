package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.SeedAddress;
import io.memberlist.member.MemberlistException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** Checks the seeds before they are used: a seed that is no address can never be reached, and fails the start. */
final class Seeds {
    private Seeds() {}

    /**
     * {@return the seeds, all of which are valid}
     *
     * @param beans has the bean that gives the seeds
     */
    static List<String> checked(MemberlistConnectionDetails details, MemberlistConfig config, BeanFactory beans) {
        List<String> seeds = details.seeds();
        String from = details instanceof PropertiesMemberlistConnectionDetails
                ? ""
                : " (given by the " + BeanNames.describe(beans, MemberlistConnectionDetails.class, details) + ")";
        int port = SeedAddress.defaultPort(config);
        for (int i = 0; i < seeds.size(); i++) {
            String seed = seeds.get(i).strip();
            try {
                SeedAddress.parse(seed, port);
            } catch (MemberlistException e) {
                throw unusable(from, i, e.getMessage(), "correct it, or take it out", e);
            }
            if (config.network().requireNodeNames() && seed.indexOf('/') < 0) {
                throw unusable(
                        from,
                        i,
                        "'" + seed + "' does not name the member, and memberlist.network.require-node-names is set",
                        "write it as name/host:port",
                        null);
            }
        }
        return seeds;
    }

    private static InvalidMemberlistPropertyException unusable(
            String from, int index, String problem, String remedy, @Nullable Throwable cause) {
        return new InvalidMemberlistPropertyException("memberlist.join[" + index + "]", problem + from, remedy, cause);
    }
}
