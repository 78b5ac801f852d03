package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/memberlist"
)

// broadcastTimeout bounds the time for a leave or an update of the metadata to go out.
const broadcastTimeout = 10 * time.Second

// maxSize is the largest user message that the library accepts on a stream.
const maxSize = 20 * 1024 * 1024

// node executes commands, one at a time.
type node struct {
	out      *events
	list     *memberlist.Memberlist
	conf     *memberlist.Config
	delegate *delegate
	cluster  *broadcaster
	// meter is nil without -watch.
	meter *meter
}

// run executes one line and prints its answer or error. id is the number of the line. The answer repeats only the
// command, since the rest of the line may be long, or a key.
func (n *node) run(id int, line string) {
	command, rest, _ := strings.Cut(line, " ")
	answer, err := n.execute(command, rest)
	if err != nil {
		n.out.emit("error", object{"id": id, "command": command, "error": err.Error()})
		return
	}
	if answer == nil {
		answer = object{}
	}
	answer["id"] = id
	answer["command"] = command
	n.out.emit("answer", answer)
}

func (n *node) execute(command, rest string) (object, error) {
	switch command {
	case "members":
		return object{"members": view{n.list}.live()}, nil
	case "all":
		return object{"members": view{n.list}.all()}, nil
	case "send":
		return n.send(rest, n.list.SendBestEffort)
	case "sendReliable":
		return n.send(rest, n.list.SendReliable)
	case "sendReliableSize":
		return n.sendSize(rest)
	case "broadcast":
		message, err := text(rest)
		if err != nil {
			return nil, err
		}
		n.delegate.broadcast(message)
		return object{"size": len(message)}, nil
	case "clusterBroadcast":
		return n.clusterBroadcast(rest)
	case "meta":
		return nil, n.meta(rest)
	case "join":
		reached, err := n.list.Join(split(rest))
		return object{"reached": reached}, err
	case "ping":
		return n.ping(rest)
	case "health":
		return object{"score": n.list.GetHealthScore()}, nil
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

func (n *node) send(rest string, send func(*memberlist.Node, []byte) error) (object, error) {
	name, words, _ := strings.Cut(rest, " ")
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	message, err := text(words)
	if err != nil {
		return nil, err
	}
	return object{"size": len(message), "sha256": hash(message)}, send(to, message)
}

// clusterBroadcast sends a cluster message to every other member, over streams if it takes more than half a packet.
func (n *node) clusterBroadcast(rest string) (object, error) {
	topic, words, _ := strings.Cut(rest, " ")
	payload, err := text(words)
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
	return object{"number": message.number, "order": message.order, "instance": strconv.FormatUint(message.instance, 16)}, nil
}

// sendSize sends pseudo-random bytes, always the same for a size, which do not compress.
func (n *node) sendSize(rest string) (object, error) {
	name, words, _ := strings.Cut(rest, " ")
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	size, err := strconv.Atoi(words)
	if err != nil || size < 0 || size > maxSize {
		return nil, fmt.Errorf("size %q: a number from 0 to %d", words, maxSize)
	}
	random := rand.New(rand.NewPCG(1, uint64(size)))
	message := make([]byte, size)
	for i := range message {
		message[i] = byte(random.Uint32())
	}
	return object{"size": size, "sha256": hash(message)}, n.list.SendReliable(to, message)
}

func (n *node) meta(rest string) error {
	meta, err := text(rest)
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

func (n *node) ping(name string) (object, error) {
	to, err := n.member(name)
	if err != nil {
		return nil, err
	}
	rtt, err := n.list.Ping(name, &net.UDPAddr{IP: to.Addr, Port: int(to.Port)})
	return object{"rttNanos": rtt.Nanoseconds()}, err
}

func (n *node) keys(rest string) (object, error) {
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
	return object{"keys": ring.GetKeys()}, nil
}

func (n *node) member(name string) (*memberlist.Node, error) {
	for _, member := range n.list.Members() {
		if member.Name == name {
			return member, nil
		}
	}
	return nil, fmt.Errorf("no live member is called %q", name)
}

// text returns the text of a line, or the bytes after "base64:".
func text(words string) ([]byte, error) {
	if encoded, found := strings.CutPrefix(words, "base64:"); found {
		return base64.StdEncoding.DecodeString(encoded)
	}
	return []byte(words), nil
}
