package io.memberlist.config;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.member.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The bounds of the settings. Every complaint names the setting, its value, the limit and the remedy. */
public final class ConfigRules {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LABEL_MAX_BYTES = 255;
    private static final int NAME_MAX_BYTES = 256;

    private ConfigRules() {}

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

    public static void notBlank(String setting, String value) {
        if (value.isBlank()) {
            throw new InvalidSettingException(setting, setting + " is blank: give it a value");
        }
    }

    public static void range(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidSettingException(
                    setting, setting + " is " + value + ": it must lie between " + min + " and " + max);
        }
    }

    public static void positive(String setting, Duration value) {
        notTooLong(setting, value);
        if (value.isNegative() || value.isZero()) {
            throw new InvalidSettingException(setting, setting + " is " + value + ": it must be longer than zero");
        }
    }

    public static void notNegative(String setting, Duration value) {
        notTooLong(setting, value);
        if (value.isNegative()) {
            throw new InvalidSettingException(setting, setting + " is " + value + ": it must not be negative");
        }
    }

    private static void notTooLong(String setting, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(
                    setting,
                    setting + " is " + value + ": the limit is " + LONGEST.toDays() + " days; choose a shorter one");
        }
    }

    public static void notAbove(String setting, Duration value, String other, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw new InvalidSettingException(
                    setting,
                    setting + " is " + value + ", longer than " + other + ", which is " + limit
                            + ": shorten the one or lengthen the other");
        }
    }

    public static void label(String setting, String label) {
        int bytes = label.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LABEL_MAX_BYTES) {
            throw new InvalidSettingException(
                    setting,
                    "the label is " + bytes + " bytes long; the limit is " + LABEL_MAX_BYTES
                            + " bytes: choose a shorter one");
        }
    }

    public static void meta(byte[] meta) {
        if (meta.length > Member.META_MAX_SIZE) {
            throw new InvalidSettingException(
                    "meta",
                    "the metadata is " + meta.length + " bytes long; the limit is " + Member.META_MAX_SIZE
                            + " bytes: shorten it");
        }
    }
}
