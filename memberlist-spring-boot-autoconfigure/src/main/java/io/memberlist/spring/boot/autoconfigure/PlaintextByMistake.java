package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Refuses members without keys or TLS where a property asks for encryption. A cluster in plaintext whose owner believes it
 * encrypted is worse than one that does not start.
 */
record PlaintextByMistake(MemberlistProperties properties, Environment environment) {
    /**
     * Checks the configuration of a member.
     *
     * @param why why the keys among the properties have no effect, if there are any
     * @throws InvalidMemberlistPropertyException if the member has no keys, and a property asks for encryption
     */
    void refuse(MemberlistConfig config, String why) {
        if (config.encryption().keyring() != null) {
            return;
        }
        MemberlistProperties.Encryption encryption = properties.encryption();
        if (encryption.keys() != null) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.encryption.keys",
                    why,
                    "give the keyring to the configuration in Java, or take the property away to go without encryption");
        }
        refuseStrictness("verify-incoming", encryption.verifyIncoming());
        refuseStrictness("verify-outgoing", encryption.verifyOutgoing());
        MistypedSecrets.refuse(environment);
    }

    /**
     * Checks a member that is a bean of the application.
     *
     * @throws InvalidMemberlistPropertyException if the member has no keys or no TLS, and a property asks for them
     */
    void refuse(Memberlist ofTheApplication) {
        if (properties.ssl().hasBundle() && ofTheApplication.transportSecurity().isEmpty()) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.ssl.bundle",
                    "the member has no TLS, since a bean of the application took the place of this property: a Memberlist or"
                            + " a MemberlistCustomizer",
                    "give TLS to the member in Java, or take the property away");
        }
        refuse(
                ofTheApplication.config(),
                "the application has a Memberlist bean of its own, which takes the place of the properties, and has no"
                        + " keyring");
    }

    private static void refuseStrictness(String property, @Nullable Boolean value) {
        if (Boolean.TRUE.equals(value)) {
            throw new InvalidMemberlistPropertyException(
                    "memberlist.encryption." + property,
                    "it is true, and without keys in memberlist.encryption.keys nothing is encrypted",
                    "set memberlist.encryption.keys, or take the property away to go without encryption");
        }
    }
}
