package control

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// versionBytes is the size of a version in an encoded value.
const versionBytes = 8

// Value is what a node stores under a key. Values of one key merge to the newest, in whatever order they come: this is what
// Alertmanager and dskit require of a state. The zero Value is that of a key that nobody has set.
type Value struct {
	Version uint64
	Content []byte
}

// Next returns a value that is newer than v.
func (v Value) Next(content []byte) Value {
	return Value{Version: v.Version + 1, Content: content}
}

// NewerThan orders values by their version, and by their content if several nodes have chosen the same version.
func (v Value) NewerThan(other Value) bool {
	if v.Version != other.Version {
		return v.Version > other.Version
	}
	return bytes.Compare(v.Content, other.Content) > 0
}

// Encode returns the version, big endian, and then the content; nothing for the zero Value.
func (v Value) Encode() []byte {
	if v.Version == 0 {
		return nil
	}
	return append(binary.BigEndian.AppendUint64(nil, v.Version), v.Content...)
}

// DecodeValue reads what Encode has written.
func DecodeValue(data []byte) (Value, error) {
	if len(data) == 0 {
		return Value{}, nil
	}
	if len(data) < versionBytes {
		return Value{}, fmt.Errorf("a value of %d bytes: at least %d", len(data), versionBytes)
	}
	return Value{
		Version: binary.BigEndian.Uint64(data),
		Content: append([]byte{}, data[versionBytes:]...),
	}, nil
}

// Fields describes a value by its content as a payload, and by what Digest returns.
func (v Value) Fields(key string) Object {
	fields := v.Digest(key)
	for name, content := range Payload(v.Content) {
		fields[name] = content
	}
	return fields
}

// Digest describes a value by its version, and by the size and the hash of its content.
func (v Value) Digest(key string) Object {
	return Object{"key": key, "version": v.Version, "size": len(v.Content), "sha256": Hash(v.Content)}
}

// Content returns the content that the words of a "put" or of a "state" name: a text, or pseudo-random bytes.
func Content(command, words string) ([]byte, error) {
	if command == "state" {
		return Random(words)
	}
	return Text(words)
}
