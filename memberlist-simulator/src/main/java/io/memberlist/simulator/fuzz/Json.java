package io.memberlist.simulator.fuzz;

import tools.jackson.databind.json.JsonMapper;

/** Formats results as JSON. */
final class Json {
    private Json() {}

    static String text(Object result) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result);
    }
}
