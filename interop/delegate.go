package main

import (
	"errors"
	"sync/atomic"

	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

// delegate prints every notification of the library.
type delegate struct {
	out       *control.Events
	meta      atomic.Pointer[[]byte]
	state     []byte
	mergeVeto string
	queue     *memberlist.TransmitLimitedQueue
	list      atomic.Pointer[memberlist.Memberlist]
	// watched are the only members of which events are printed, if there are any.
	watched map[string]bool
}

func newDelegate(out *control.Events, retransmitMult int) *delegate {
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
	d.out.Emit("message", control.Payload(message))
}

// clusterMessage prints every copy that arrives, which makes duplicates visible.
func (d *delegate) clusterMessage(message []byte) {
	if !isMessage(message) {
		d.out.Emit("clusterInventory", control.Object{"size": len(message)})
		return
	}
	e, err := decodeEnvelope(message)
	if err != nil {
		d.out.Emit("clusterFault", control.Object{"error": err.Error()})
		return
	}
	fields := control.Payload(e.payload)
	fields["kind"] = e.kind
	fields["origin"] = e.origin
	fields["number"] = e.number
	fields["order"] = e.order
	fields["topic"] = e.topic
	fields["headers"] = e.headers
	fields["hops"] = e.hops
	d.out.Emit("clusterMessage", fields)
}

func (d *delegate) GetBroadcasts(overhead, limit int) [][]byte {
	return d.queue.GetBroadcasts(overhead, limit)
}

func (d *delegate) LocalState(bool) []byte { return d.state }

func (d *delegate) MergeRemoteState(state []byte, join bool) {
	if len(d.watched) > 0 {
		return
	}
	fields := control.Payload(state)
	fields["join"] = join
	d.out.Emit("remoteState", fields)
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
	d.out.Emit("joined", control.Describe(node, "alive"))
}

func (d *delegate) NotifyUpdate(node *memberlist.Node) {
	if d.ignores(node) {
		return
	}
	d.out.Emit("updated", control.Describe(node, "alive"))
}

// NotifyLeave is called for both: the state says whether the member left or was declared dead.
func (d *delegate) NotifyLeave(node *memberlist.Node) {
	if d.ignores(node) {
		return
	}
	state := "unknown"
	if list := d.list.Load(); list != nil {
		state = control.NewView(list).StateInCallback(node.Name)
	}
	d.out.Emit("left", control.Describe(node, state))
}

// ConflictDelegate

func (d *delegate) NotifyConflict(existing, other *memberlist.Node) {
	if len(d.watched) > 0 {
		return
	}
	d.out.Emit("conflict", control.Object{
		"name":     existing.Name,
		"existing": control.Object{"addr": existing.Addr.String(), "port": existing.Port},
		"other":    control.Object{"addr": other.Addr.String(), "port": other.Port},
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
	d.out.Emit("mergeVetoed", control.Object{"members": names, "reason": d.mergeVeto})
	return errors.New(d.mergeVeto)
}

// broadcast is a queued message of the application; it replaces no other.
type broadcast []byte

func (b broadcast) Message() []byte                       { return b }
func (b broadcast) Invalidates(memberlist.Broadcast) bool { return false }
func (b broadcast) Finished()                             {}
func (b broadcast) UniqueBroadcast()                      {}
