package main

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"io.memberlist/interop/control"
)

// Alertmanager logs all lines of the library at DEBUG; their own level stands in front.
var libraryLine = regexp.MustCompile(`^\[([A-Z]+)\] (.*)`)

var libraryLevels = map[string]string{"DEBUG": "debug", "INFO": "info", "WARN": "warn", "ERR": "error", "ERROR": "error"}

// logHandler writes the log of Alertmanager and of the library.
type logHandler struct {
	out        *control.Events
	attributes string
}

func (h logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h logHandler) Handle(_ context.Context, record slog.Record) error {
	level, text := strings.ToLower(record.Level.String()), record.Message
	if line := libraryLine.FindStringSubmatch(text); line != nil {
		level, text = libraryLevels[line[1]], line[2]
	}
	record.Attrs(func(attribute slog.Attr) bool {
		h = h.with(attribute)
		return true
	})
	h.out.Log(level, text+h.attributes)
	return nil
}

func (h logHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	for _, attribute := range attributes {
		h = h.with(attribute)
	}
	return h
}

func (h logHandler) WithGroup(string) slog.Handler { return h }

func (h logHandler) with(attribute slog.Attr) logHandler {
	h.attributes += fmt.Sprintf(" %s=%v", attribute.Key, attribute.Value)
	return h
}
