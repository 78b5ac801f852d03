package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/memberlist"
	"github.com/prometheus/alertmanager/cluster"

	"io.memberlist/interop/control"
)

// leaveTimeout is Alertmanager's.
const leaveTimeout = 10 * time.Second

// node executes commands, one at a time.
type node struct {
	peer   *cluster.Peer
	list   *memberlist.Memberlist
	view   control.View
	states map[string]*state
	left   bool
}

func (n *node) execute(command, rest string) (control.Object, error) {
	switch command {
	case "members":
		return control.Object{"members": n.view.Live()}, nil
	case "all":
		return control.Object{"members": n.view.All()}, nil
	case "join":
		reached, err := n.list.Join(control.Split(rest))
		return control.Object{"reached": reached}, err
	case "health":
		return control.Object{"score": n.list.GetHealthScore()}, nil
	case "put", "state":
		return n.put(command, rest)
	case "get", "digest":
		return n.get(command, rest)
	case "leave":
		if n.left {
			// The peer would panic.
			return nil, errors.New("this node has left already")
		}
		n.left = true
		return nil, n.peer.Leave(leaveTimeout)
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func (n *node) put(command, rest string) (control.Object, error) {
	key, words, _ := strings.Cut(rest, " ")
	s, err := n.state(key)
	if err != nil {
		return nil, err
	}
	content, err := control.Content(command, words)
	if err != nil {
		return nil, err
	}
	return s.put(content).Digest(key), nil
}

func (n *node) get(command, key string) (control.Object, error) {
	s, err := n.state(key)
	if err != nil {
		return nil, err
	}
	if command == "digest" {
		return s.get().Digest(key), nil
	}
	return s.get().Fields(key), nil
}

func (n *node) state(key string) (*state, error) {
	s, known := n.states[key]
	if !known {
		return nil, fmt.Errorf("no state %q: one of %s", key, strings.Join(stateKeys, ", "))
	}
	return s, nil
}
