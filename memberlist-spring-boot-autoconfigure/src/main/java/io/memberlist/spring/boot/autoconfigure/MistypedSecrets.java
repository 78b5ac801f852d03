package io.memberlist.spring.boot.autoconfigure;

import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds properties that were meant to encrypt and do not. Binding ignores names it does not know, and who wrote
 * {@code memberlist.encryption.key} would have a cluster in plaintext without a word. Only names are looked at.
 */
final class MistypedSecrets {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("memberlist");
    private static final Set<String> STRICTNESS = Set.of("verifyincoming", "verifyoutgoing");

    /** Below these stand names that the application chooses. */
    private static final Set<String> FREE = Set.of("tags", "messaging");

    private MistypedSecrets() {}

    /** Refuses the first found. To be asked where the member has no keys, when they matter. */
    static void refuse(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource listed) {
                Optional<ConfigurationPropertyName> mistyped =
                        listed.stream().filter(MistypedSecrets::isMistyped).findFirst();
                if (mistyped.isPresent()) {
                    throw new InvalidMemberlistPropertyException(
                            mistyped.get().toString(),
                            "there is no property of this name, and without keys in memberlist.encryption.keys nothing is"
                                    + " encrypted",
                            "put the keys in Base64 into the list memberlist.encryption.keys, the first of which encrypts;"
                                    + " or take the property away to go without encryption");
                }
            }
        }
    }

    private static boolean isMistyped(ConfigurationPropertyName name) {
        if (!ROOT.isAncestorOf(name)) {
            return false;
        }
        String first = element(name, 1);
        if (first.equals("encryption")) {
            return !isOfEncryption(name);
        }
        return !FREE.contains(first)
                && (first.startsWith("encrypt") || first.contains("key") || first.contains("secret"));
    }

    private static boolean isOfEncryption(ConfigurationPropertyName name) {
        int elements = name.getNumberOfElements();
        if (elements < 3) {
            return false;
        }
        String second = element(name, 2);
        if (second.equals("keys")) {
            return elements == 3 || elements == 4 && name.isNumericIndex(3);
        }
        // an environment variable may have an underscore where the property has a dash
        String joined = elements == 4 ? second + element(name, 3) : second;
        return elements <= 4 && STRICTNESS.contains(joined);
    }

    private static String element(ConfigurationPropertyName name, int index) {
        return name.getElement(index, Form.UNIFORM);
    }
}
