package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.member.InvalidSettingException;
import io.memberlist.spring.DurationText;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of settings: {@code probe.disableStreamPings} of the engine is {@code memberlist.probe.disable-stream-pings} of the
 * application, so that whoever writes {@code application.yml} never has to guess what the engine complains about.
 */
final class SettingNames {
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private SettingNames() {}

    /** {@return the property that sets the engine's setting; a property stays as it is} */
    static String property(String setting) {
        if (setting.startsWith("memberlist.")) {
            return setting;
        }
        if (setting.equals("encryption.keyring")) {
            return "memberlist.encryption.keys";
        }
        return "memberlist." + kebab(setting);
    }

    /** {@return the name as properties are written} */
    static String kebab(String name) {
        return CAPITAL.matcher(name).replaceAll(capital -> "-" + capital.group().toLowerCase(Locale.ROOT));
    }

    /** {@return the engine's complaint in the words of the properties} */
    static InvalidMemberlistPropertyException translate(InvalidSettingException refused) {
        String setting = refused.setting();
        String group = setting.substring(0, setting.indexOf('.') + 1);
        // A complaint names the setting, and maybe another of its group.
        String names = group.isEmpty() ? Pattern.quote(setting) : Pattern.quote(group) + "[a-z]\\w*";
        String message = DurationText.in(Pattern.compile("\\b" + names + "\\b")
                .matcher(refused.getMessage())
                .replaceAll(name -> property(name.group())));
        // "the value and its limit: the remedy"
        int remedy = message.lastIndexOf(": ");
        return remedy < 0
                ? new InvalidMemberlistPropertyException(property(setting), message, "choose another value", refused)
                : new InvalidMemberlistPropertyException(
                        property(setting), message.substring(0, remedy), message.substring(remedy + 2), refused);
    }
}
