package main

import (
	"encoding/base64"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

// options holds the flags of the command line.
type options struct {
	name, bind, advertise string
	port                  int
	seeds, meta, preset   string
	key, label            string
	skipInboundLabelCheck bool
	protocol              uint
	compression           bool
	verifyIncoming        bool
	verifyOutgoing        bool
	state, mergeVeto      string
	stateSize             int
	delegateVersion       string
	pushPullInterval      time.Duration
	retransmitMult        int
	watch                 string
	allowedNetworks       string
	forgetAfter           time.Duration
}

func parse(args []string) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("interop", flag.ContinueOnError)
	f.StringVar(&o.name, "name", "", "name of this node (required)")
	f.StringVar(&o.bind, "bind", "127.0.0.1", "address to listen at")
	f.IntVar(&o.port, "port", 0, "port for packets and streams, 0 picks one")
	f.StringVar(&o.advertise, "advertise", "", "IP address to advertise, if not the bound one")
	f.StringVar(&o.seeds, "seeds", "", "addresses to join, comma separated")
	f.StringVar(&o.meta, "meta", "", "metadata of this node")
	f.StringVar(&o.preset, "preset", "local", "timing: lan, wan or local")
	f.StringVar(&o.key, "key", "", "keys in base64, comma separated, the primary one first")
	f.StringVar(&o.label, "label", "", "label of packets and streams")
	f.BoolVar(&o.skipInboundLabelCheck, "skip-inbound-label-check", false, "take packets and streams without the label")
	f.UintVar(&o.protocol, "protocol", memberlist.ProtocolVersion2Compatible, "protocol version to speak, 1 to 5")
	f.BoolVar(&o.compression, "compression", true, "compress messages")
	f.BoolVar(&o.verifyIncoming, "verify-incoming", true, "refuse plaintext where there is a key")
	f.BoolVar(&o.verifyOutgoing, "verify-outgoing", true, "encrypt where there is a key")
	f.StringVar(&o.state, "state", "", "user state sent with every push/pull")
	f.IntVar(&o.stateSize, "state-size", 0, "user state of this many bytes instead, each its own index modulo 251")
	f.StringVar(&o.mergeVeto, "merge-veto", "", "refuse every merge for this reason")
	f.StringVar(&o.delegateVersion, "delegate-version", "0,0,0", "delegate protocol versions MIN,MAX,CUR")
	f.DurationVar(&o.pushPullInterval, "push-pull-interval", 0, "time between push/pulls, 0 for the preset's")
	f.IntVar(&o.retransmitMult, "retransmit-mult", 0, "how often news is repeated, 0 for the preset's")
	f.StringVar(&o.watch, "watch", "", "members whose joins and departures are printed, comma separated; nothing else is then")
	f.StringVar(&o.allowedNetworks, "allowed-networks", "", "networks of members, comma separated; all if empty")
	f.DurationVar(&o.forgetAfter, "forget-after", 0, "how long members that are gone are remembered, 0 for the preset's")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q: all arguments are flags", f.Arg(0))
	}
	if o.name == "" {
		return nil, fmt.Errorf("-name is missing: give the node a name")
	}
	return o, nil
}

// config turns the options into the library's configuration, without delegates.
func (o *options) config() (*memberlist.Config, error) {
	conf, err := preset(o.preset)
	if err != nil {
		return nil, err
	}
	if o.protocol > 255 {
		return nil, fmt.Errorf("-protocol %d: at most 255", o.protocol)
	}
	conf.Name = o.name
	conf.BindAddr = o.bind
	conf.BindPort = o.port
	conf.AdvertiseAddr = o.advertise
	conf.AdvertisePort = o.port
	conf.Label = o.label
	conf.SkipInboundLabelCheck = o.skipInboundLabelCheck
	conf.ProtocolVersion = uint8(o.protocol)
	conf.EnableCompression = o.compression
	conf.GossipVerifyIncoming = o.verifyIncoming
	conf.GossipVerifyOutgoing = o.verifyOutgoing
	if o.pushPullInterval > 0 {
		conf.PushPullInterval = o.pushPullInterval
	}
	if o.retransmitMult > 0 {
		conf.RetransmitMult = o.retransmitMult
	}
	if o.forgetAfter > 0 {
		conf.GossipToTheDeadTime = o.forgetAfter
	}
	if o.allowedNetworks != "" {
		if conf.CIDRsAllowed, err = memberlist.ParseCIDRs(control.Split(o.allowedNetworks)); err != nil {
			return nil, fmt.Errorf("-allowed-networks: %v", err)
		}
	}
	if conf.Keyring, err = keyring(o.key); err != nil {
		return nil, err
	}
	versions, err := delegateVersions(o.delegateVersion)
	if err != nil {
		return nil, err
	}
	conf.DelegateProtocolMin = versions[0]
	conf.DelegateProtocolMax = versions[1]
	conf.DelegateProtocolVersion = versions[2]
	return conf, nil
}

func preset(name string) (*memberlist.Config, error) {
	switch name {
	case "lan":
		return memberlist.DefaultLANConfig(), nil
	case "wan":
		return memberlist.DefaultWANConfig(), nil
	case "local":
		return memberlist.DefaultLocalConfig(), nil
	}
	return nil, fmt.Errorf("-preset %q: one of lan, wan, local", name)
}

// keyring returns nil, which turns encryption off, if no key is given.
func keyring(list string) (*memberlist.Keyring, error) {
	if list == "" {
		return nil, nil
	}
	var keys [][]byte
	for i, text := range strings.Split(list, ",") {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("-key, key %d: %v", i+1, err)
		}
		keys = append(keys, key)
	}
	return memberlist.NewKeyring(keys, keys[0])
}

func delegateVersions(text string) ([3]uint8, error) {
	var versions [3]uint8
	parts := strings.Split(text, ",")
	if len(parts) != len(versions) {
		return versions, fmt.Errorf("-delegate-version %q: three numbers MIN,MAX,CUR", text)
	}
	for i, part := range parts {
		version, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return versions, fmt.Errorf("-delegate-version %q: numbers from 0 to 255", text)
		}
		versions[i] = uint8(version)
	}
	return versions, nil
}
