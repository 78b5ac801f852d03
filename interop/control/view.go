package control

import (
	"net"
	"reflect"
	"sync"
	"unsafe"
)

// View reads the state of each member. The library does not update its public Node.State, and neither
// incarnations nor dead and left members are public, so this reads the private table, under the library's own lock.
// It goes by the names of fields, so it takes the Memberlist of any version and fork that has these; the go.mod of each program pins
// one that fits.
type View struct {
	// list is what a *memberlist.Memberlist points to.
	list reflect.Value
}

var stateNames = [...]string{"alive", "suspect", "dead", "left"}

// NewView returns a view of what a *memberlist.Memberlist knows.
func NewView(list any) View {
	return View{reflect.ValueOf(list).Elem()}
}

// PrivateField returns the pointer in a private field of what owner points to. Programs that wrap the library do not
// publish their Memberlist.
func PrivateField(owner any, name string) unsafe.Pointer {
	return reflect.ValueOf(owner).Elem().FieldByName(name).UnsafePointer()
}

// All lists all known members, in any state.
func (v View) All() []Object {
	lock := v.Lock()
	lock.RLock()
	defer lock.RUnlock()
	table := v.table()
	members := make([]Object, 0, table.Len())
	for i := range table.Len() {
		members = append(members, describeState(table.Index(i).Elem()))
	}
	return members
}

// Live lists the alive and suspected members.
func (v View) Live() []Object {
	members := []Object{}
	for _, m := range v.All() {
		if isLive(m) {
			members = append(members, m)
		}
	}
	return members
}

// Count returns the numbers of live and of known members, and the states of some.
func (v View) Count(names map[string]bool) (live, known int, states Object) {
	states = Object{}
	lock := v.Lock()
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

// StateInCallback returns the state of a member. The library holds its lock while it calls event delegates, so it must not
// be taken again.
func (v View) StateInCallback(name string) string {
	table := v.table()
	for i := range table.Len() {
		state := table.Index(i).Elem()
		if state.FieldByName("Name").String() == name {
			return stateName(state)
		}
	}
	return "unknown"
}

// Lock returns the lock of the member table.
func (v View) Lock() *sync.RWMutex {
	field := v.list.FieldByName("nodeLock")
	return (*sync.RWMutex)(unsafe.Pointer(field.UnsafeAddr()))
}

func (v View) table() reflect.Value {
	return v.list.FieldByName("nodes")
}

func isLive(member Object) bool {
	return member["state"] == "alive" || member["state"] == "suspect"
}

func describeState(state reflect.Value) Object {
	fields := describe(state.FieldByName("Node"), stateName(state))
	fields["incarnation"] = state.FieldByName("Incarnation").Uint()
	return fields
}

func stateName(state reflect.Value) string {
	// The outer field; the Node inside has one of the same name.
	return stateNames[state.FieldByName("State").Int()]
}

// Describe returns the fields of a *memberlist.Node.
func Describe(node any, state string) Object {
	return describe(reflect.ValueOf(node).Elem(), state)
}

func describe(node reflect.Value, state string) Object {
	number := func(name string) uint64 { return node.FieldByName(name).Uint() }
	meta := node.FieldByName("Meta").Bytes()
	return Object{
		"name":       node.FieldByName("Name").String(),
		"addr":       net.IP(node.FieldByName("Addr").Bytes()).String(),
		"port":       number("Port"),
		"meta":       string(meta),
		"metaBase64": append([]byte{}, meta...),
		"state":      state,
		"versions": Object{
			"protocolMin":     number("PMin"),
			"protocolMax":     number("PMax"),
			"protocolCurrent": number("PCur"),
			"delegateMin":     number("DMin"),
			"delegateMax":     number("DMax"),
			"delegateCurrent": number("DCur"),
		},
	}
}
