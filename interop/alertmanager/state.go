package main

import (
	"sync"

	"github.com/prometheus/alertmanager/cluster"
	"github.com/prometheus/client_golang/prometheus"

	"io.memberlist/interop/control"
)

// stateKeys are the states of Alertmanager: its notification log and its silences.
var stateKeys = []string{"nfl", "sil"}

// state is one state of a peer. Like the silences of Alertmanager, it is sent with every push/pull, it is broadcast when it
// changes, and a news that is small enough for a packet is passed on.
type state struct {
	key string
	out *control.Events

	mu      sync.Mutex
	value   control.Value
	channel cluster.ClusterChannel
}

func addState(peer *cluster.Peer, key string, registry prometheus.Registerer, out *control.Events) *state {
	s := &state{key: key, out: out}
	// Others may send something before the channel is there.
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = peer.AddState(key, s, registry)
	return s
}

// MarshalBinary returns the state for a push/pull.
func (s *state) MarshalBinary() ([]byte, error) {
	return s.get().Encode(), nil
}

// Merge takes the state of another peer, from a push/pull or a broadcast.
func (s *state) Merge(data []byte) error {
	other, err := control.DecodeValue(data)
	if err != nil {
		return err
	}
	if s.replace(other) && !cluster.OversizedMessage(data) {
		s.channel.Broadcast(data)
	}
	return nil
}

func (s *state) replace(other control.Value) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !other.NewerThan(s.value) {
		return false
	}
	s.value = other
	s.out.Emit("value", other.Fields(s.key))
	return true
}

func (s *state) get() control.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value
}

func (s *state) put(content []byte) control.Value {
	for {
		// A newer value may come in between.
		if next := s.get().Next(content); s.replace(next) {
			s.channel.Broadcast(next.Encode())
			return next
		}
	}
}
