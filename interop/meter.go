package main

import (
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/hashicorp/memberlist"

	"io.memberlist/interop/control"
)

const (
	// stallInterval is the time between two looks at the member table.
	stallInterval = 5 * time.Millisecond
	// heapInterval is the time between two looks at the heap.
	heapInterval = 50 * time.Millisecond
	heapMetric   = "/memory/classes/heap/objects:bytes"
)

// meter measures, in the background, how long nobody could read the member table, and how large the heap was.
type meter struct {
	view  control.View
	stall atomic.Int64
	heap  atomic.Uint64
}

func newMeter(list *memberlist.Memberlist) *meter {
	m := &meter{view: control.NewView(list)}
	go m.watchTable()
	go m.watchHeap()
	return m
}

// watchTable takes the lock of the library as its own goroutines do: a node that holds it handles no news meanwhile.
func (m *meter) watchTable() {
	for due := time.Now().Add(stallInterval); ; due = time.Now().Add(stallInterval) {
		time.Sleep(time.Until(due))
		lock := m.view.Lock()
		lock.RLock()
		late := int64(time.Since(due))
		lock.RUnlock()
		for old := m.stall.Load(); late > old && !m.stall.CompareAndSwap(old, late); old = m.stall.Load() {
		}
	}
}

func (m *meter) watchHeap() {
	for range time.Tick(heapInterval) {
		used := heap()
		for old := m.heap.Load(); used > old && !m.heap.CompareAndSwap(old, used); old = m.heap.Load() {
		}
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// status tells what was measured since the last status, and which of the watched members are known.
func (m *meter) status(watched map[string]bool, collect bool) control.Object {
	if collect {
		runtime.GC()
	}
	live, known, states := m.view.Count(watched)
	return control.Object{
		"live": live, "known": known, "states": states, "stallNanos": m.stall.Swap(0),
		"peakHeapBytes": m.heap.Swap(0), "heapBytes": heap(),
	}
}
