// Command interop is a node on HashiCorp's memberlist that another program controls. It reads commands from standard input,
// and writes events to standard output, one JSON object per line. README.md describes all of them.
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
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func serve(args []string, in io.Reader, w io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	n, err := start(o, control.NewEvents(w))
	if err != nil {
		return err
	}
	if len(control.Split(o.seeds)) > 0 {
		n.out.Answer(0, "join "+o.seeds, n.execute)
	}
	n.out.Obey(in, n.execute)
	return n.list.Shutdown()
}

func start(o *options, out *control.Events) (*node, error) {
	conf, err := o.config()
	if err != nil {
		return nil, err
	}
	meta, err := control.Text(o.meta)
	if err != nil {
		return nil, fmt.Errorf("-meta: %v", err)
	}
	if len(meta) > memberlist.MetaMaxSize {
		return nil, fmt.Errorf("-meta of %d bytes: at most %d", len(meta), memberlist.MetaMaxSize)
	}
	d := newDelegate(out, conf.RetransmitMult)
	d.setMeta(meta)
	for _, name := range control.Split(o.watch) {
		d.watched[name] = true
	}
	d.state = []byte(o.state)
	if o.stateSize > 0 {
		d.state = make([]byte, o.stateSize)
		for i := range d.state {
			d.state[i] = byte(i % 251)
		}
	}
	d.mergeVeto = o.mergeVeto
	conf.Delegate = d
	conf.Events = d
	conf.Conflict = d
	conf.Merge = d
	list, err := memberlist.Create(conf)
	if err != nil {
		return nil, err
	}
	d.list.Store(list)
	local := list.LocalNode()
	out.Emit("ready", control.Object{"name": local.Name, "addr": local.Addr.String(), "port": local.Port})
	n := &node{out: out, list: list, conf: conf, delegate: d, cluster: newBroadcaster()}
	if len(d.watched) > 0 {
		n.meter = newMeter(list)
	}
	return n, nil
}
