package main

import (
	"fmt"
	"strings"

	"io.memberlist/interop/control"
)

// logger writes the log of dskit and of the library.
type logger struct{ out *control.Events }

// Log takes names and values in turns.
func (l logger) Log(pairs ...any) error {
	level := "info"
	var text []string
	for i := 0; i+1 < len(pairs); i += 2 {
		name, said := fmt.Sprint(pairs[i]), fmt.Sprint(pairs[i+1])
		switch name {
		case "level":
			level = said
		case "msg":
			text = append(text, said)
		default:
			text = append(text, name+"="+said)
		}
	}
	l.out.Log(level, strings.Join(text, " "))
	return nil
}
