package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// The envelope of cluster messages, written from docs/messaging.md alone.

const (
	envelopeVersion   = 1
	envelopeBroadcast = 1
	envelopeFixed     = 53
	envelopeHops      = 16
	maxTopic          = 255
	maxHeaders        = 32
	maxHeaderBytes    = 4096
	maxOrigin         = 1024
)

var envelopeMagic = []byte{0xf5, 'm', 'l', 'c', 'm'}

// envelope is a cluster message of kinds 1 to 5.
type envelope struct {
	kind     byte
	flags    byte
	hops     byte
	age      uint32
	low      uint32
	high     uint32
	instance uint64
	number   uint64
	order    uint64
	created  uint64
	origin   string
	topic    string
	headers  map[string]string
	payload  []byte
}

// broadcaster numbers the broadcasts of this node.
type broadcaster struct {
	instance uint64
	number   atomic.Uint64
	orders   map[string]uint64
}

func newBroadcaster() *broadcaster {
	return &broadcaster{instance: rand.Uint64(), orders: map[string]uint64{}}
}

func (b *broadcaster) next(origin, topic string, payload []byte) envelope {
	b.orders[topic]++
	return envelope{
		kind: envelopeBroadcast, hops: envelopeHops, instance: b.instance, number: b.number.Add(1),
		order: b.orders[topic], created: uint64(time.Now().UnixMilli()), origin: origin, topic: topic,
		payload: payload,
	}
}

func (e envelope) encode() []byte {
	var out bytes.Buffer
	write := func(value any) { _ = binary.Write(&out, binary.BigEndian, value) }
	out.Write(envelopeMagic)
	for _, value := range []any{byte(envelopeVersion), e.kind, e.flags, e.hops, e.age, e.low, e.high, e.instance,
		e.number, e.order, e.created, uint16(len(e.origin))} {
		write(value)
	}
	out.WriteString(e.origin)
	write(byte(len(e.topic)))
	out.WriteString(e.topic)
	write(byte(len(e.headers)))
	for name, value := range e.headers {
		write(byte(len(name)))
		out.WriteString(name)
		write(uint16(len(value)))
		out.WriteString(value)
	}
	write(uint32(len(e.payload)))
	out.Write(e.payload)
	return out.Bytes()
}

// isEnvelope reports whether a payload is a cluster message of any version.
func isEnvelope(message []byte) bool { return bytes.HasPrefix(message, envelopeMagic) }

// isMessage reports whether the kind is 1 to 5; this node ignores digests and fetches.
func isMessage(message []byte) bool {
	return isEnvelope(message) && len(message) > 6 && message[5] == envelopeVersion && message[6] >= 1 && message[6] <= 5
}

func decodeEnvelope(message []byte) (envelope, error) {
	if !isMessage(message) || len(message) < envelopeFixed {
		return envelope{}, errors.New("no message of version 1")
	}
	big := binary.BigEndian
	e := envelope{
		kind: message[6], flags: message[7], hops: message[8], age: big.Uint32(message[9:]),
		low: big.Uint32(message[13:]), high: big.Uint32(message[17:]), instance: big.Uint64(message[21:]),
		number: big.Uint64(message[29:]), order: big.Uint64(message[37:]), created: big.Uint64(message[45:]),
		headers: map[string]string{},
	}
	in := reader{left: message[envelopeFixed:]}
	e.origin = in.text(in.number(2), 1, maxOrigin)
	e.topic = in.text(in.number(1), 1, maxTopic)
	count := in.number(1)
	if count > maxHeaders {
		return envelope{}, fmt.Errorf("%d headers", count)
	}
	room := maxHeaderBytes
	for i := 0; i < count && in.err == nil; i++ {
		name := in.text(in.number(1), 1, room)
		room -= len(name)
		value := in.text(in.number(2), 0, room)
		room -= len(value)
		e.headers[name] = value
	}
	if length := in.number(4); in.err == nil && length != len(in.left) {
		return envelope{}, fmt.Errorf("a payload of %d bytes is announced and %d are there", length, len(in.left))
	}
	e.payload = in.left
	return e, in.err
}

// reader reads bytes from the front and keeps the first error.
type reader struct {
	left []byte
	err  error
}

func (r *reader) take(length int) []byte {
	if r.err == nil && length > len(r.left) {
		r.err = errors.New("cut off")
	}
	if r.err != nil {
		return nil
	}
	taken := r.left[:length]
	r.left = r.left[length:]
	return taken
}

func (r *reader) number(size int) int {
	value := 0
	for _, b := range r.take(size) {
		value = value<<8 | int(b)
	}
	return value
}

func (r *reader) text(length, least, most int) string {
	if r.err == nil && (length < least || length > most) {
		r.err = fmt.Errorf("a text of %d bytes", length)
	}
	text := string(r.take(length))
	if r.err == nil && !utf8.ValidString(text) {
		r.err = errors.New("a text that is not UTF-8")
	}
	return text
}
