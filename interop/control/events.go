// Package control has what the programs of interop share: they read commands from standard input and write events to standard
// output, and they look into the member table of the library. It uses the standard library only, so it fits each of their
// versions of memberlist. The README.md of interop describes commands and events.
package control

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"sync"
	"unicode/utf8"
)

// maxInline is the largest payload that is printed; for larger ones only the hash is.
const maxInline = 4096

// Object has the fields of one line of output.
type Object map[string]any

// Events writes one JSON object per line. The library calls back from many goroutines, so it locks.
type Events struct {
	mu  sync.Mutex
	enc *json.Encoder
}

// NewEvents returns the events that are written to w.
func NewEvents(w io.Writer) *Events {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Events{enc: enc}
}

// Emit writes one event.
func (e *Events) Emit(event string, fields Object) {
	line := Object{"event": event}
	for key, value := range fields {
		line[key] = value
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.enc.Encode(line); err != nil {
		// Nobody reads the output any more, so nobody controls this node.
		log.Fatalf("interop: cannot write an event: %v", err)
	}
}

// Log writes a line of a program's log to standard error. Warnings and errors are events as well, so that a test can require
// that there were none. level is debug, info, warn or error.
func (e *Events) Log(level, text string) {
	log.Printf("level=%s %s", level, text)
	if level == "warn" || level == "error" {
		e.Emit("log", Object{"level": level, "text": text})
	}
}

// Payload describes bytes of the application: as base64 and, if they are UTF-8, as text; or only by their
// hash if there are too many.
func Payload(data []byte) Object {
	fields := Object{"size": len(data)}
	if len(data) > maxInline {
		fields["sha256"] = Hash(data)
		return fields
	}
	if utf8.Valid(data) {
		fields["text"] = string(data)
	}
	// A nil slice would become null.
	fields["base64"] = append([]byte{}, data...)
	return fields
}

// Hash returns the SHA-256 of data in hexadecimal digits.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
