// Command alertmanager is a peer of Alertmanager's cluster, made with Alertmanager's own package, that another program controls.
// It holds the two states of Alertmanager, but their content is whatever the other program puts there. README.md of interop
// describes it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

func main() {
	err := serve(os.Args[1:], os.Stdin, os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "alertmanager:", err)
		os.Exit(1)
	}
}

func serve(args []string, in io.Reader, w io.Writer) error {
	o, err := control.Parse("alertmanager", args, func(*flag.FlagSet) {})
	if err != nil {
		return err
	}
	out := control.NewEvents(w)
	p, err := start(o, out)
	if err != nil {
		return err
	}
	out.Obey(in, p.execute)
	// The end of the process ends the peer: Alertmanager's package has nothing else that stops it.
	return nil
}

func start(o *control.Options, out *control.Events) (*node, error) {
	peer, registry, err := create(o, out)
	if err != nil {
		return nil, err
	}
	list := (*memberlist.Memberlist)(control.PrivateField(peer, "mlist"))
	n := &node{peer: peer, list: list, view: control.NewView(list), states: map[string]*state{}}
	for _, key := range stateKeys {
		n.states[key] = addState(peer, key, registry, out)
	}
	self := peer.Self()
	out.Emit("ready", control.Object{"name": self.Name, "addr": self.Addr.String(), "port": self.Port})
	go out.Watch(n.view)
	// As Alertmanager does, which logs a failure and tries again later.
	_ = peer.Join(reconnectInterval, reconnectTimeout)
	return n, nil
}
