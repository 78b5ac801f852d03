package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/grafana/dskit/kv/memberlist"
	"github.com/grafana/dskit/services"
	hashicorp "github.com/hashicorp/memberlist"
	"github.com/prometheus/client_golang/prometheus"

	"io.memberlist/interop/control"
)

// node executes commands, one at a time.
type node struct {
	out    *control.Events
	kv     *memberlist.KV
	client *memberlist.Client
	list   *hashicorp.Memberlist
	view   control.View
}

func newNode(o *options, out *control.Events) (*node, error) {
	conf, err := o.config()
	if err != nil {
		return nil, err
	}
	kv := memberlist.NewKV(conf, logger{out}, noNames{}, prometheus.NewRegistry())
	client, err := memberlist.NewClient(kv, valueCodec{})
	return &node{out: out, kv: kv, client: client}, err
}

// printValues prints each value that this node has from now on, whoever has put it.
func (n *node) printValues() {
	// Not by the client, which would wait until the node has joined and miss what it learns by that.
	n.kv.WatchPrefix(context.Background(), "", valueCodec{}, func(key string, stored any) bool {
		n.out.Emit("value", stored.(*value).Fields(key))
		return true
	})
}

func (n *node) execute(command, rest string) (control.Object, error) {
	switch command {
	case "members":
		return control.Object{"members": n.view.Live()}, nil
	case "all":
		return control.Object{"members": n.view.All()}, nil
	case "join":
		reached, err := n.kv.JoinMembers(control.Split(rest))
		return control.Object{"reached": reached}, err
	case "health":
		return control.Object{"score": n.list.GetHealthScore()}, nil
	case "put", "state":
		return n.put(command, rest)
	case "get", "digest":
		return n.get(command, rest)
	case "leave":
		// dskit leaves when it stops, and then goes on with nothing.
		return nil, services.StopAndAwaitTerminated(context.Background(), n.kv)
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func (n *node) put(command, rest string) (control.Object, error) {
	key, words, _ := strings.Cut(rest, " ")
	content, err := control.Content(command, words)
	if err != nil {
		return nil, err
	}
	next := &value{}
	err = n.client.CAS(context.Background(), key, func(stored any) (any, bool, error) {
		next.Value = valueOf(stored).Next(content)
		return next, true, nil
	})
	return next.Digest(key), err
}

func (n *node) get(command, key string) (control.Object, error) {
	stored, err := n.client.Get(context.Background(), key)
	if err != nil {
		return nil, err
	}
	if command == "digest" {
		return valueOf(stored).Digest(key), nil
	}
	return valueOf(stored).Fields(key), nil
}

// noNames is a name service for seeds that are addresses.
type noNames struct{}

func (noNames) Resolve(context.Context, []string) error { return nil }
func (noNames) Addresses() []string                     { return nil }
