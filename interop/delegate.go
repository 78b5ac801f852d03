package main

import (
	"errors"
	"sync/atomic"

	"github.com/hashicorp/memberlist"
)

// delegate prints every notification of the library.
type delegate struct {
	out       *events
	meta      atomic.Pointer[[]byte]
	state     []byte
	mergeVeto string
	queue     *memberlist.TransmitLimitedQueue
	list      atomic.Pointer[memberlist.Memberlist]
	// watched are the only members of which events are printed, if there are any.
	watched map[string]bool
}

func newDelegate(out *events, retransmitMult int) *delegate {
	d := &delegate{out: out, watched: map[string]bool{}}
	d.queue = &memberlist.TransmitLimitedQueue{
		RetransmitMult: retransmitMult,
		NumNodes:       d.numMembers,
	}
	return d
}

func (d *delegate) numMembers() int {
	list := d.list.Load()
	if list == nil {
		return 1
	}
	return list.NumMembers()
}

func (d *delegate) setMeta(meta []byte) {
	d.meta.Store(&meta)
}

func (d *delegate) broadcast(message []byte) {
	d.queue.QueueBroadcast(broadcast(message))
}

// Delegate

func (d *delegate) NodeMeta(int) []byte { return *d.meta.Load() }

func (d *delegate) NotifyMsg(message []byte) {
	if len(d.watched) > 0 {
		return
	}
	if isEnvelope(message) {
		d.clusterMessage(message)
		return
	}
	d.out.emit("message", payload(message))
}

// clusterMessage prints every copy that arrives, which makes duplicates visible.
func (d *delegate) clusterMessage(message []byte) {
	if !isMessage(message) {
		d.out.emit("clusterInventory", object{"size": len(message)})
		return
	}
	e, err := decodeEnvelope(message)
	if err != nil {
		d.out.emit("clusterFault", object{"error": err.Error()})
		return
	}
	fields := payload(e.payload)
	fields["kind"] = e.kind
	fields["origin"] = e.origin
	fields["number"] = e.number
	fields["order"] = e.order
	fields["topic"] = e.topic
	fields["headers"] = e.headers
	fields["hops"] = e.hops
	d.out.emit("clusterMessage", fields)
}

func (d *delegate) GetBroadcasts(overhead, limit int) [][]byte {
	return d.queue.GetBroadcasts(overhead, limit)
}

func (d *delegate) LocalState(bool) []byte { return d.state }

func (d *delegate) MergeRemoteState(state []byte, join bool) {
	if len(d.watched) > 0 {
		return
	}
	fields := payload(state)
	fields["join"] = join
	d.out.emit("remoteState", fields)
}

// ignores tells whether others are watched.
func (d *delegate) ignores(node *memberlist.Node) bool {
	return len(d.watched) > 0 && !d.watched[node.Name]
}

// EventDelegate. The library holds its lock while it calls.

func (d *delegate) NotifyJoin(node *memberlist.Node) {
	if d.ignores(node) {
		return
	}
	d.out.emit("joined", describe(node, "alive"))
}

func (d *delegate) NotifyUpdate(node *memberlist.Node) {
	if d.ignores(node) {
		return
	}
	d.out.emit("updated", describe(node, "alive"))
}

// NotifyLeave is called for both: the state says whether the member left or was declared dead.
func (d *delegate) NotifyLeave(node *memberlist.Node) {
	if d.ignores(node) {
		return
	}
	state := "unknown"
	if list := d.list.Load(); list != nil {
		state = view{list}.stateInCallback(node.Name)
	}
	d.out.emit("left", describe(node, state))
}

// ConflictDelegate

func (d *delegate) NotifyConflict(existing, other *memberlist.Node) {
	if len(d.watched) > 0 {
		return
	}
	d.out.emit("conflict", object{
		"name":     existing.Name,
		"existing": object{"addr": existing.Addr.String(), "port": existing.Port},
		"other":    object{"addr": other.Addr.String(), "port": other.Port},
	})
}

// MergeDelegate

func (d *delegate) NotifyMerge(members []*memberlist.Node) error {
	if d.mergeVeto == "" {
		return nil
	}
	names := make([]string, 0, len(members))
	for _, member := range members {
		names = append(names, member.Name)
	}
	d.out.emit("mergeVetoed", object{"members": names, "reason": d.mergeVeto})
	return errors.New(d.mergeVeto)
}

// broadcast is a queued message of the application; it replaces no other.
type broadcast []byte

func (b broadcast) Message() []byte                       { return b }
func (b broadcast) Invalidates(memberlist.Broadcast) bool { return false }
func (b broadcast) Finished()                             {}
func (b broadcast) UniqueBroadcast()                      {}
