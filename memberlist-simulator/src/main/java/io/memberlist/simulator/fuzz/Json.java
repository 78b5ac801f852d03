package io.memberlist.simulator.fuzz;

import tools.jackson.databind.json.JsonMapper;

/** Results for programs. */
final class Json {
    private Json() {}

    static String text(Object result) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result);
    }
}
