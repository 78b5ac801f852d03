package io.memberlist.spring.messaging;

import io.memberlist.logging.ThrottledLog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/** Leaves out what a newer sender knows and this application does not, and warns once for each field and of each type of enum. */
final class UnknownInJson extends DeserializationProblemHandler {
    /** Others choose the names of fields. */
    private static final int MAX_REMEMBERED = 1024;

    private final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger(IncomingPayloads.class));
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            JsonParser parser,
            @Nullable ValueDeserializer<?> deserializer,
            @Nullable Object beanOrClass,
            String name) {
        Class<?> type = deserializer == null ? Object.class : deserializer.handledType();
        String field = type.getName() + "." + name;
        if (warned.size() < MAX_REMEMBERED && warned.add(field)) {
            log.log(
                    Level.WARN,
                    field,
                    "A {} arrives with the field '{}', which is not known here and is left out; if it was renamed, add @JsonAlias",
                    type.getName(),
                    name);
        }
        parser.skipChildren();
        return true;
    }

    @Override
    public @Nullable Object handleWeirdStringValue(
            DeserializationContext context, Class<?> target, String value, String problem) {
        if (!target.isEnum()) {
            return NOT_HANDLED;
        }
        log.log(
                Level.WARN,
                target,
                "A {} arrives with the constant '{}', which is not known here and is read as null",
                target.getName(),
                value);
        return null;
    }
}
