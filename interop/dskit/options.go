package main

import (
	"flag"
	"time"

	"github.com/grafana/dskit/flagext"
	"github.com/grafana/dskit/kv/codec"
	"github.com/grafana/dskit/kv/memberlist"

	"io.memberlist/interop/control"
)

// leaveTimeout is shorter than dskit's, so that a leave ends within the time of a command.
const leaveTimeout = 10 * time.Second

// options holds the flags of the command line.
type options struct {
	*control.Options
	compression           bool
	compressionAlgorithm  string
	skipInboundLabelCheck bool
	streamTimeout         time.Duration
}

func parse(args []string) (*options, error) {
	o := &options{}
	common, err := control.Parse("dskit", args, func(f *flag.FlagSet) {
		f.BoolVar(&o.compression, "compression", true, "compress messages")
		f.StringVar(&o.compressionAlgorithm, "compression-algorithm", "lzw", "how to compress: lzw or snappy")
		f.BoolVar(&o.skipInboundLabelCheck, "skip-inbound-label-check", false, "take packets and streams with any label")
		f.DurationVar(&o.streamTimeout, "stream-timeout", 0, "time to connect, and to read and write on a stream, 0 for dskit's own")
	})
	o.Options = common
	return o, err
}

// config returns dskit's defaults, and what the flags say.
func (o *options) config() (memberlist.KVConfig, error) {
	var conf memberlist.KVConfig
	flagext.DefaultValues(&conf)
	conf.NodeName = o.Name
	conf.RandomizeNodeName = false
	conf.JoinMembers = o.Seeds
	conf.AdvertiseAddr = o.Advertise
	conf.AdvertisePort = o.Port
	conf.ClusterLabel = o.Label
	conf.ClusterLabelVerificationDisabled = o.skipInboundLabelCheck
	conf.EnableCompression = o.compression
	conf.CompressionAlgorithm = o.compressionAlgorithm
	if o.PushPullInterval > 0 {
		conf.PushPullInterval = o.PushPullInterval
	}
	if o.streamTimeout > 0 {
		conf.StreamTimeout = o.streamTimeout
	}
	conf.LeaveTimeout = leaveTimeout
	conf.TCPTransport.BindAddrs = []string{o.Bind}
	conf.TCPTransport.BindPort = o.Port
	conf.TCPTransport.TLSEnabled = o.TLS()
	conf.TCPTransport.TLS.CertPath = o.Certificate
	conf.TCPTransport.TLS.KeyPath = o.Key
	conf.TCPTransport.TLS.CAPath = o.Authority
	conf.Codecs = []codec.Codec{valueCodec{}}
	return conf, conf.Validate()
}
