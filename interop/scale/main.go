// Command scale runs many members of HashiCorp's memberlist in one process and measures how a cluster forms, rests and notices
// failures. It is the Go side of io.memberlist.benchmarks.scale, and prints the same line: RESULT, then figures.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/memberlist"
)

const (
	look     = 500 * time.Millisecond
	patience = 5 * time.Minute
	settling = 10 * time.Second
	killed   = 5
	// For so long others use the processors.
	load = time.Minute
	// A cluster is quiet when it uses at most so many times the processor time of before.
	quiet = 2
)

type members struct {
	lists       []*memberlist.Memberlist
	failures    atomic.Int64
	failedJoins atomic.Int64
	result      strings.Builder
}

type listener struct{ of *members }

func (l listener) NotifyJoin(*memberlist.Node)   {}
func (l listener) NotifyUpdate(*memberlist.Node) {}
func (l listener) NotifyLeave(*memberlist.Node)  { l.of.failures.Add(1) }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("expected: storm, busy, ladder, quiet, starved, failures or lone; the number of members; seconds of rest")
	}
	count, err := strconv.Atoi(args[1])
	if err != nil || count < 1 {
		return fmt.Errorf("%q members: expected a number from 1 on", args[1])
	}
	seconds, err := strconv.Atoi(args[2])
	if err != nil || seconds < 0 {
		return fmt.Errorf("%q seconds: expected a number from 0 on", args[2])
	}
	m := &members{}
	if err := m.start(count); err != nil {
		return err
	}
	switch args[0] {
	case "storm":
		m.storm()
	case "busy":
		fmt.Printf("LOAD 0 %.0f\n", load.Seconds())
		m.storm()
	case "starved":
		m.ladder()
		m.starve(time.Duration(seconds) * time.Second)
	case "ladder":
		m.ladder()
	case "quiet", "lone":
		m.ladder()
		m.rest(time.Duration(seconds) * time.Second)
	case "failures":
		m.ladder()
		m.kill()
	default:
		return fmt.Errorf("%q: expected storm, busy, ladder, quiet, starved, failures or lone", args[0])
	}
	m.figure("peakMiB", peakMiB())
	fmt.Println("RESULT" + m.result.String())
	return nil
}

func (m *members) figure(name string, value float64) {
	fmt.Fprintf(&m.result, " %s=%.3f", name, value)
}

func (m *members) start(count int) error {
	for i := 0; i < count; i++ {
		conf := memberlist.DefaultLANConfig()
		conf.Name = fmt.Sprintf("node-%d", i)
		conf.BindAddr = "127.0.0.1"
		conf.BindPort = 0
		conf.Logger = log.New(io.Discard, "", 0)
		conf.Events = listener{m}
		list, err := memberlist.Create(conf)
		if err != nil {
			return err
		}
		m.lists = append(m.lists, list)
	}
	return nil
}

func (m *members) seed() string {
	node := m.lists[0].LocalNode()
	return fmt.Sprintf("127.0.0.1:%d", node.Port)
}

func (m *members) join(list *memberlist.Memberlist) {
	if _, err := list.Join([]string{m.seed()}); err != nil {
		m.failedJoins.Add(1)
	}
}

// storm lets all members join one seed at the same moment. One that fails tries again after a second, as applications do.
func (m *members) storm() {
	begun, cpu := time.Now(), cpuSeconds()
	var joins sync.WaitGroup
	for _, list := range m.lists[1:] {
		joins.Add(1)
		go func() {
			defer joins.Done()
			for list.NumMembers() == 1 && time.Since(begun) < patience {
				if m.join(list); list.NumMembers() == 1 {
					time.Sleep(time.Second)
				}
			}
		}()
	}
	m.watch(begun)
	m.figure("cpu", cpuSeconds()-cpu)
	time.Sleep(settling)
	m.figure("failures", float64(m.failures.Load()))
	m.figure("failedJoins", float64(m.failedJoins.Load()))
}

// ladder lets one member after the other join.
func (m *members) ladder() {
	cpu := cpuSeconds()
	begun := time.Now()
	for _, list := range m.lists[1:] {
		m.join(list)
	}
	m.figure("joins", time.Since(begun).Seconds())
	m.watch(time.Now())
	m.figure("cpu", cpuSeconds()-cpu)
	m.figure("failedJoins", float64(m.failedJoins.Load()))
}

// watch looks twice a second until all members see all.
func (m *members) watch(begun time.Time) {
	half := -1.0
	for {
		whole, seen := 0, 0
		for _, list := range m.lists {
			n := list.NumMembers()
			seen += n
			if n == len(m.lists) {
				whole++
			}
		}
		passed := time.Since(begun)
		fmt.Printf("VIEW %.3f %.4f\n", passed.Seconds(), float64(seen)/float64(len(m.lists)*len(m.lists)))
		if half < 0 && whole*2 >= len(m.lists) {
			half = passed.Seconds()
		}
		if whole == len(m.lists) {
			m.figure("half", half)
			m.figure("all", passed.Seconds())
			return
		}
		if passed > patience {
			m.figure("half", half)
			m.figure("all", -1)
			m.figure("meanView", float64(seen)/float64(len(m.lists)))
			return
		}
		time.Sleep(look)
	}
}

func (m *members) rest(measured time.Duration) {
	time.Sleep(measured)
	cpu := cpuSeconds()
	time.Sleep(measured)
	m.figure("millisPerMemberSecond", (cpuSeconds()-cpu)*1e3/float64(len(m.lists))/measured.Seconds())
	m.figure("failures", float64(m.failures.Load()))
}

// starve lets others have the processors for a while. Then it waits until all see all, and use no more time than before.
func (m *members) starve(rest time.Duration) {
	time.Sleep(rest)
	before := cpuSeconds()
	time.Sleep(settling)
	usual := (cpuSeconds() - before) / settling.Seconds()
	fmt.Printf("LOAD -5 %.0f\n", load.Seconds())
	time.Sleep(load)
	begun, last := time.Now(), cpuSeconds()
	after := -1.0
	for after < 0 && time.Since(begun) < patience {
		time.Sleep(time.Second)
		now := cpuSeconds()
		whole := true
		for _, list := range m.lists {
			whole = whole && list.NumMembers() == len(m.lists)
		}
		if whole && now-last <= quiet*usual {
			after = time.Since(begun).Seconds()
		}
		last = now
	}
	m.figure("quietAfter", after)
	m.figure("failures", float64(m.failures.Load()))
}

// kill stops members without a word, and waits until all others have noticed.
func (m *members) kill() {
	time.Sleep(settling)
	begun := time.Now()
	ended := m.lists[len(m.lists)-killed:]
	m.lists = m.lists[:len(m.lists)-killed]
	for _, list := range ended {
		list.Shutdown()
	}
	for time.Since(begun) < patience {
		noticed := true
		for _, list := range m.lists {
			noticed = noticed && list.NumMembers() <= len(m.lists)
		}
		if noticed {
			m.figure("noticed", time.Since(begun).Seconds())
			break
		}
		time.Sleep(look / 10)
	}
	m.figure("falseFailures", float64(m.failures.Load())-float64(killed*len(m.lists)))
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return -1
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func peakMiB() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kib, _ := strconv.ParseFloat(strings.Fields(line)[1], 64)
			return kib / 1024
		}
	}
	return -1
}
