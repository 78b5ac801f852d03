package control

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"time"
)

// Options holds the flags that the programs on Alertmanager and dskit share.
type Options struct {
	Name, Bind, Advertise string
	Port                  int
	// Seeds are the elements of -seeds.
	Seeds            []string
	Label            string
	PushPullInterval time.Duration
	// Certificate, Key and Authority are absolute paths of PEM files. Without TLS all are empty.
	Certificate, Key, Authority string
}

// Parse reads the command line. register adds the flags of the program itself.
func Parse(program string, args []string, register func(*flag.FlagSet)) (*Options, error) {
	o := &Options{}
	var seeds string
	f := flag.NewFlagSet(program, flag.ContinueOnError)
	f.StringVar(&o.Name, "name", "", "name of this node (required)")
	f.StringVar(&o.Bind, "bind", "127.0.0.1", "address to listen at")
	f.IntVar(&o.Port, "port", 0, "port for packets and streams, 0 picks one")
	f.StringVar(&o.Advertise, "advertise", "", "IP address to advertise, if not the bound one; needs -port")
	f.StringVar(&seeds, "seeds", "", "addresses to join, comma separated")
	f.StringVar(&o.Label, "label", "", "label of packets and streams")
	f.DurationVar(&o.PushPullInterval, "push-pull-interval", 0, "time between push/pulls, 0 for the program's own")
	f.StringVar(&o.Certificate, "tls-cert", "", "PEM file of the certificate of this node, for clients and servers")
	f.StringVar(&o.Key, "tls-key", "", "PEM file of its private key")
	f.StringVar(&o.Authority, "tls-ca", "", "PEM file of the authority that signs the certificates of all nodes")
	register(f)
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q: all arguments are flags", f.Arg(0))
	}
	o.Seeds = Split(seeds)
	return o, o.check()
}

func (o *Options) check() error {
	if o.Name == "" {
		return errors.New("-name is missing: give the node a name")
	}
	if o.Advertise != "" && o.Port == 0 {
		return fmt.Errorf("-advertise %s without -port: choose a port to advertise", o.Advertise)
	}
	given := 0
	for _, path := range []*string{&o.Certificate, &o.Key, &o.Authority} {
		if *path == "" {
			continue
		}
		given++
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}
	if given != 0 && given != 3 {
		return fmt.Errorf("%d of -tls-cert, -tls-key and -tls-ca: TLS needs all three", given)
	}
	return nil
}

// TLS tells whether the node uses TLS.
func (o *Options) TLS() bool { return o.Certificate != "" }
