package io.memberlist.config;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Checks the bounds of settings: of this package, and of layers that bring settings of their own. A setting is given by its
 * path, as {@code probe.timeout}. Each check throws an {@link InvalidSettingException} that names the setting, its value,
 * the limit and the remedy.
 */
public final class ConfigRules {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LABEL_MAX_BYTES = 255;
    private static final int NAME_MAX_BYTES = 256;

    private ConfigRules() {}

    /** Checks that a member name is not blank, has no control characters and takes at most 256 bytes in UTF-8. */
    public static void name(String name) {
        notBlank("nodeName", name);
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidSettingException(
                    "nodeName", "nodeName has control characters: others would not listen to it; leave them out");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NAME_MAX_BYTES) {
            throw new InvalidSettingException(
                    "nodeName",
                    "nodeName is " + bytes + " bytes long; at most " + NAME_MAX_BYTES
                            + " fit beside the metadata in a packet: choose a shorter one");
        }
    }

    /** Checks that a text is not blank. */
    public static void notBlank(String setting, String value) {
        if (value.isBlank()) {
            throw refused(setting, "is blank: give it a value");
        }
    }

    private static InvalidSettingException refused(String setting, String why) {
        return new InvalidSettingException(setting, setting + " " + why);
    }

    /** Checks that a number lies between two bounds, both included. */
    public static void range(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw refused(setting, "is " + value + ": it must lie between " + min + " and " + max);
        }
    }

    /** Checks that a time is longer than zero and at most 365 days. */
    public static void positive(String setting, Duration value) {
        notTooLong(setting, value);
        if (value.isNegative() || value.isZero()) {
            throw refused(setting, "is " + value + ": it must be longer than zero");
        }
    }

    /** Checks that a time is zero or longer, and at most 365 days. */
    public static void notNegative(String setting, Duration value) {
        notTooLong(setting, value);
        if (value.isNegative()) {
            throw refused(setting, "is " + value + ": it must not be negative");
        }
    }

    private static void notTooLong(String setting, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw refused(
                    setting, "is " + value + ": the limit is " + LONGEST.toDays() + " days; choose a shorter one");
        }
    }

    /** Checks that a time is no longer than that of another setting. */
    public static void notAbove(String setting, Duration value, String other, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw refused(
                    setting,
                    "is " + value + ", longer than " + other + ", which is " + limit
                            + ": shorten the one or lengthen the other");
        }
    }

    /** Checks the labels that are accepted besides the own one. */
    public static void acceptedLabels(List<String> labels) {
        for (String label : labels) {
            if (label.isEmpty()) {
                throw new InvalidSettingException(
                        "network.acceptedLabels",
                        "network.acceptedLabels has an empty label: set network.acceptUnlabelled to accept traffic"
                                + " without a label");
            }
            label("network.acceptedLabels", label);
        }
    }

    /** Checks that a cluster label takes at most 255 bytes in UTF-8. */
    public static void label(String setting, String label) {
        int bytes = label.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LABEL_MAX_BYTES) {
            throw new InvalidSettingException(
                    setting,
                    "the label is " + bytes + " bytes long; the limit is " + LABEL_MAX_BYTES
                            + " bytes: choose a shorter one");
        }
    }

    /** Checks that metadata takes at most {@value Member#META_MAX_SIZE} bytes. */
    public static void meta(byte[] meta) {
        if (meta.length > Member.META_MAX_SIZE) {
            throw new InvalidSettingException(
                    "meta",
                    "the metadata is " + meta.length + " bytes long; the limit is " + Member.META_MAX_SIZE
                            + " bytes: shorten it");
        }
    }
}
