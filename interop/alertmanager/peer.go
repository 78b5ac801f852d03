package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/prometheus/alertmanager/cluster"
	"github.com/prometheus/client_golang/prometheus"

	"io.memberlist/interop/control"
)

// The settings of Alertmanager without flags.
const (
	reconnectInterval = cluster.DefaultReconnectInterval
	reconnectTimeout  = cluster.DefaultReconnectTimeout
)

// create makes a peer with the settings that Alertmanager has without flags.
func create(o *control.Options, out *control.Events) (*cluster.Peer, *prometheus.Registry, error) {
	transport, err := tlsTransport(o)
	if err != nil {
		return nil, nil, err
	}
	advertise := ""
	if o.Advertise != "" {
		advertise = net.JoinHostPort(o.Advertise, strconv.Itoa(o.Port))
	}
	pushPullInterval := o.PushPullInterval
	if pushPullInterval == 0 {
		pushPullInterval = cluster.DefaultPushPullInterval
	}
	registry := prometheus.NewRegistry()
	peer, err := cluster.Create(
		slog.New(logHandler{out: out}),
		registry,
		net.JoinHostPort(o.Bind, strconv.Itoa(o.Port)),
		advertise,
		o.Seeds,
		false, // do not wait for seeds: there need not be any
		pushPullInterval,
		cluster.DefaultGossipInterval,
		cluster.DefaultTCPTimeout,
		cluster.DefaultResolvePeersTimeout,
		cluster.DefaultProbeTimeout,
		cluster.DefaultProbeInterval,
		transport,
		false, // advertise no public address unasked
		o.Label,
		o.Name,
	)
	return peer, registry, err
}

// tlsTransport reads the configuration as Alertmanager does, from a file, which it writes before. It returns nil without TLS.
func tlsTransport(o *control.Options) (*cluster.TLSTransportConfig, error) {
	if !o.TLS() {
		return nil, nil
	}
	file, err := os.CreateTemp("", "cluster-tls-*.yml")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	_, err = fmt.Fprintf(file, `tls_server_config:
  cert_file: %[1]q
  key_file: %[2]q
  client_ca_file: %[3]q
  client_auth_type: RequireAndVerifyClientCert
tls_client_config:
  cert_file: %[1]q
  key_file: %[2]q
  ca_file: %[3]q
`, o.Certificate, o.Key, o.Authority)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	return cluster.GetTLSTransportConfig(file.Name())
}
