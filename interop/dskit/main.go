// Command dskit is a node of dskit's key-value store, as in Mimir, Loki and Tempo, that another program controls. README.md of
// interop describes it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/grafana/dskit/services"
	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

func main() {
	err := serve(os.Args[1:], os.Stdin, os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dskit:", err)
		os.Exit(1)
	}
}

func serve(args []string, in io.Reader, w io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	out := control.NewEvents(w)
	n, err := start(o, out)
	if err != nil {
		return err
	}
	out.Obey(in, n.execute)
	// The end of the process ends the node: to stop the service would be to leave.
	return nil
}

func start(o *options, out *control.Events) (*node, error) {
	n, err := newNode(o, out)
	if err != nil {
		return nil, err
	}
	go n.printValues()
	if err := services.StartAndAwaitRunning(context.Background(), n.kv); err != nil {
		return nil, err
	}
	n.list = (*memberlist.Memberlist)(control.PrivateField(n.kv, "memberlist"))
	n.view = control.NewView(n.list)
	self := n.list.LocalNode()
	out.Emit("ready", control.Object{"name": self.Name, "addr": self.Addr.String(), "port": self.Port})
	go out.Watch(n.view)
	return n, nil
}
