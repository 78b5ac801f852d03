package main

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

// object is one line of output.
type object map[string]any

// events writes one JSON object per line. The library calls back from many goroutines, so it locks.
type events struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func newEvents(w io.Writer) *events {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &events{enc: enc}
}

func (e *events) emit(event string, fields object) {
	line := object{"event": event}
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

// payload describes bytes of the application: as base64 and, if they are UTF-8, as text; or only by their
// hash if there are too many.
func payload(data []byte) object {
	fields := object{"size": len(data)}
	if len(data) > maxInline {
		fields["sha256"] = hash(data)
		return fields
	}
	if utf8.Valid(data) {
		fields["text"] = string(data)
	}
	// A nil slice would become null.
	fields["base64"] = append([]byte{}, data...)
	return fields
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
