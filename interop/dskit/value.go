package main

import (
	"time"

	"github.com/grafana/dskit/kv/memberlist"

	"io.memberlist/interop/control"
)

// value is a control.Value as dskit stores it.
type value struct{ control.Value }

// valueOf returns what dskit has found under a key, which is nil if there is nothing.
func valueOf(stored any) control.Value {
	if stored == nil {
		return control.Value{}
	}
	return stored.(*value).Value
}

// Merge takes the newer value and returns it if it has changed something.
func (v *value) Merge(other memberlist.Mergeable, _ bool) (memberlist.Mergeable, error) {
	if other == nil || !valueOf(other).NewerThan(v.Value) {
		return nil, nil
	}
	v.Value = valueOf(other)
	return v.Clone(), nil
}

// MergeContent names the parts of a value. There is one only, so a newer value takes the place of an older one that still
// waits to be sent.
func (v *value) MergeContent() []string { return []string{"content"} }

func (v *value) RemoveTombstones(time.Time) (total, removed int) { return 0, 0 }

func (v *value) Clone() memberlist.Mergeable {
	// Nobody changes the content.
	return &value{v.Value}
}

// valueCodec writes values as control.Value does.
type valueCodec struct{}

func (valueCodec) CodecID() string { return "interopValue" }

func (valueCodec) Encode(stored any) ([]byte, error) { return valueOf(stored).Encode(), nil }

func (valueCodec) Decode(data []byte) (any, error) {
	decoded, err := control.DecodeValue(data)
	return &value{decoded}, err
}
