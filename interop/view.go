package main

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/hashicorp/memberlist"
)

// view reads the state of each member. The library does not update its public Node.State, and neither
// incarnations nor dead and left members are public, so this reads the private table, under the library's own lock.
// go.mod pins the version that this fits.
type view struct {
	list *memberlist.Memberlist
}

var stateNames = [...]string{"alive", "suspect", "dead", "left"}

// all lists all known members, in any state.
func (v view) all() []object {
	lock := v.lock()
	lock.RLock()
	defer lock.RUnlock()
	table := v.table()
	members := make([]object, 0, table.Len())
	for i := range table.Len() {
		members = append(members, describeState(table.Index(i).Elem()))
	}
	return members
}

// live lists the alive and suspected members.
func (v view) live() []object {
	members := []object{}
	for _, m := range v.all() {
		if m["state"] == "alive" || m["state"] == "suspect" {
			members = append(members, m)
		}
	}
	return members
}

// count returns the numbers of live and of known members, and the states of some.
func (v view) count(names map[string]bool) (live, known int, states object) {
	states = object{}
	lock := v.lock()
	lock.RLock()
	defer lock.RUnlock()
	table := v.table()
	for i := range table.Len() {
		member := table.Index(i).Elem()
		state := stateName(member)
		if state == "alive" || state == "suspect" {
			live++
		}
		if name := member.FieldByName("Name").String(); names[name] {
			states[name] = state
		}
	}
	return live, table.Len(), states
}

// stateInCallback returns the state of a member. The library holds its lock while it calls event delegates, so it must not
// be taken again.
func (v view) stateInCallback(name string) string {
	table := v.table()
	for i := range table.Len() {
		state := table.Index(i).Elem()
		if state.FieldByName("Name").String() == name {
			return stateName(state)
		}
	}
	return "unknown"
}

func (v view) table() reflect.Value {
	return reflect.ValueOf(v.list).Elem().FieldByName("nodes")
}

func (v view) lock() *sync.RWMutex {
	field := reflect.ValueOf(v.list).Elem().FieldByName("nodeLock")
	return (*sync.RWMutex)(unsafe.Pointer(field.UnsafeAddr()))
}

func describeState(state reflect.Value) object {
	node := (*memberlist.Node)(unsafe.Pointer(state.FieldByName("Node").UnsafeAddr()))
	fields := describe(node, stateName(state))
	fields["incarnation"] = state.FieldByName("Incarnation").Uint()
	return fields
}

func stateName(state reflect.Value) string {
	// The outer field; the Node inside has one of the same name.
	return stateNames[state.FieldByName("State").Int()]
}

func describe(node *memberlist.Node, state string) object {
	return object{
		"name":       node.Name,
		"addr":       node.Addr.String(),
		"port":       node.Port,
		"meta":       string(node.Meta),
		"metaBase64": append([]byte{}, node.Meta...),
		"state":      state,
		"versions": object{
			"protocolMin":     node.PMin,
			"protocolMax":     node.PMax,
			"protocolCurrent": node.PCur,
			"delegateMin":     node.DMin,
			"delegateMax":     node.DMax,
			"delegateCurrent": node.DCur,
		},
	}
}
