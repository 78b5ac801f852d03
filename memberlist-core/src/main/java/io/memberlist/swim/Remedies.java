package io.memberlist.swim;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.wire.WireException;

/**
 * Says what to do about what another member sent or answered. The texts themselves are those of the Go library, which goes to the
 * other side as well; what follows them is for whoever configured this member.
 */
final class Remedies {
    private Remedies() {}

    /** {@return what is wrong with the bytes, and what to do} */
    static String of(WireException fault, MemberlistConfig config) {
        String what = String.valueOf(fault.getMessage());
        return switch (fault.reason()) {
            case DECRYPT -> what + ": " + keys(config);
            case LABEL -> what + ": " + label(config);
            case TOO_OLD ->
                what + ": somebody has recorded it and sends it again, or one of the clocks is wrong ("
                        + config.settingName("encryption.maxMessageAge") + " is "
                        + config.encryption().maxMessageAge() + ")";
            default -> what;
        };
    }

    /** {@return what another member says is wrong with this one's message, and what to do} */
    static String ofRemote(String error, MemberlistConfig config) {
        if (error.contains("encrypt") || error.contains("decrypt")) {
            return error + ": " + keys(config);
        }
        // what the Go library says of snappy, and older members of this library
        return error.contains("decompress unknown algorithm") ? error + ": " + algorithm(config) : error;
    }

    /** {@return why a stream may be closed without a word: nobody answers a label that is not theirs} */
    static String ofSilence(MemberlistConfig config) {
        return label(config) + ", and the other side may have another one, allow other networks only, or be no member";
    }

    private static String label(MemberlistConfig config) {
        String label = config.network().label();
        String here = label.isEmpty() ? "this member has no label" : "this member has the label \"" + label + "\"";
        return here + " (" + config.settingName("network.label") + ")";
    }

    private static String algorithm(MemberlistConfig config) {
        return "choose an algorithm that all members read (" + config.settingName("compression.algorithm") + " is "
                + config.compression().algorithm() + ")";
    }

    private static String keys(MemberlistConfig config) {
        String setting = " (" + config.settingName("encryption.keyring") + ")";
        return config.encryption().keyring() == null
                ? "this member has no keys; give it those of the others" + setting
                : "give all members the same keys" + setting;
    }
}
