package control

import (
	"bytes"
	"time"
)

// watchInterval is the time between two looks at the member table.
const watchInterval = 50 * time.Millisecond

// Watch prints who joins, changes and leaves, until the process ends. It is for programs that keep the notifications of the
// library to themselves: it compares what it finds, and so misses who is gone and back between two looks.
func (e *Events) Watch(view View) {
	known := map[string]Object{}
	for {
		for _, member := range view.All() {
			name := member["name"].(string)
			before, was := known[name]
			was = was && isLive(before)
			switch {
			case isLive(member) && !was:
				e.Emit("joined", member)
			case isLive(member) && differs(before, member):
				e.Emit("updated", member)
			case !isLive(member) && was:
				e.Emit("left", member)
			}
			known[name] = member
		}
		time.Sleep(watchInterval)
	}
}

func differs(before, member Object) bool {
	return before["addr"] != member["addr"] || before["port"] != member["port"] ||
		!bytes.Equal(before["metaBase64"].([]byte), member["metaBase64"].([]byte))
}
