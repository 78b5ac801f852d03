package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

// broadcastTimeout bounds the time for a leave or an update of the metadata to go out.
const broadcastTimeout = 10 * time.Second

// node executes commands, one at a time.
type node struct {
	out      *control.Events
	list     *memberlist.Memberlist
	conf     *memberlist.Config
	delegate *delegate
	cluster  *broadcaster
	// meter is nil without -watch.
	meter *meter
}

func (n *node) execute(command, rest string) (control.Object, error) {
	switch command {
	case "members":
		return control.Object{"members": control.NewView(n.list).Live()}, nil
	case "all":
		return control.Object{"members": control.NewView(n.list).All()}, nil
	case "send":
		return n.send(rest, n.list.SendBestEffort)
	case "sendReliable":
		return n.send(rest, n.list.SendReliable)
	case "sendReliableSize":
		return n.sendSize(rest)
	case "broadcast":
		message, err := control.Text(rest)
		if err != nil {
			return nil, err
		}
		n.delegate.broadcast(message)
		return control.Object{"size": len(message)}, nil
	case "clusterBroadcast":
		return n.clusterBroadcast(rest)
	case "meta":
		return nil, n.meta(rest)
	case "join":
		reached, err := n.list.Join(control.Split(rest))
		return control.Object{"reached": reached}, err
	case "ping":
		return n.ping(rest)
	case "health":
		return control.Object{"score": n.list.GetHealthScore()}, nil
	case "keys":
		return n.keys(rest)
	case "status":
		if n.meter == nil {
			return nil, errors.New("nothing is measured: start the node with -watch")
		}
		return n.meter.status(n.delegate.watched, rest == "collect"), nil
	case "leave":
		return nil, n.list.Leave(broadcastTimeout)
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func (n *node) send(rest string, send func(*memberlist.Node, []byte) error) (control.Object, error) {
	name, words, _ := strings.Cut(rest, " ")
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	message, err := control.Text(words)
	if err != nil {
		return nil, err
	}
	return control.Object{"size": len(message), "sha256": control.Hash(message)}, send(to, message)
}

// clusterBroadcast sends a cluster message to every other member, over streams if it takes more than half a packet.
func (n *node) clusterBroadcast(rest string) (control.Object, error) {
	topic, words, _ := strings.Cut(rest, " ")
	payload, err := control.Text(words)
	if err != nil {
		return nil, err
	}
	message := n.cluster.next(n.conf.Name, topic, payload)
	encoded := message.encode()
	send := n.list.SendBestEffort
	if len(encoded) > n.conf.UDPBufferSize/2 {
		send = n.list.SendReliable
	}
	for _, member := range n.list.Members() {
		if member.Name == n.conf.Name {
			continue
		}
		if err := send(member, encoded); err != nil {
			return nil, err
		}
	}
	return control.Object{"number": message.number, "order": message.order, "instance": strconv.FormatUint(message.instance, 16)}, nil
}

// sendSize sends pseudo-random bytes.
func (n *node) sendSize(rest string) (control.Object, error) {
	name, words, _ := strings.Cut(rest, " ")
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	message, err := control.Random(words)
	if err != nil {
		return nil, err
	}
	return control.Object{"size": len(message), "sha256": control.Hash(message)}, n.list.SendReliable(to, message)
}

func (n *node) meta(rest string) error {
	meta, err := control.Text(rest)
	if err != nil {
		return err
	}
	// The library panics on more.
	if len(meta) > memberlist.MetaMaxSize {
		return fmt.Errorf("metadata of %d bytes: at most %d", len(meta), memberlist.MetaMaxSize)
	}
	n.delegate.setMeta(meta)
	return n.list.UpdateNode(broadcastTimeout)
}

func (n *node) ping(name string) (control.Object, error) {
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	rtt, err := n.list.Ping(name, &net.UDPAddr{IP: to.Addr, Port: int(to.Port)})
	return control.Object{"rttNanos": rtt.Nanoseconds()}, err
}

func (n *node) keys(rest string) (control.Object, error) {
	ring := n.conf.Keyring
	if ring == nil {
		return nil, errors.New("no keyring: start the node with -key")
	}
	action, words, _ := strings.Cut(rest, " ")
	change := map[string]func([]byte) error{
		"list": nil, "add": ring.AddKey, "use": ring.UseKey, "remove": ring.RemoveKey,
	}
	apply, known := change[action]
	if !known {
		return nil, fmt.Errorf("keys %q: one of list, add, use, remove", action)
	}
	if apply != nil {
		key, err := base64.StdEncoding.DecodeString(words)
		if err != nil {
			return nil, err
		}
		if err := apply(key); err != nil {
			return nil, err
		}
	}
	// The first one is the primary key.
	return control.Object{"keys": ring.GetKeys()}, nil
}

func (n *node) member(name string) (*memberlist.Node, error) {
	for _, member := range n.list.Members() {
		if member.Name == name {
			return member, nil
		}
	}
	return nil, fmt.Errorf("no live member is called %q", name)
}
