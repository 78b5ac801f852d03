package control

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
)

// maxRandom is the largest user message, and the largest state, that the library accepts on a stream.
const maxRandom = 20 * 1024 * 1024

// Execute executes a command. rest is what follows it in its line. A nil answer has no fields.
type Execute func(command, rest string) (Object, error)

// Obey executes the commands of in, one after another, until "quit", or until the end of input, so that no node outlives the
// program that controls it.
func (e *Events) Obey(in io.Reader, execute Execute) {
	lines := bufio.NewReader(in)
	for id := 1; ; id++ {
		line, err := lines.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "quit":
			e.Emit("answer", Object{"id": id, "command": line})
			return
		case line != "":
			e.Answer(id, line, execute)
		}
		if err != nil {
			return
		}
	}
}

// Answer executes one line and prints its answer or error. id is the number of the line. The answer repeats only the
// command, since the rest of the line may be long, or a key.
func (e *Events) Answer(id int, line string, execute Execute) {
	command, rest, _ := strings.Cut(line, " ")
	answer, err := execute(command, rest)
	if err != nil {
		e.Emit("error", Object{"id": id, "command": command, "error": err.Error()})
		return
	}
	if answer == nil {
		answer = Object{}
	}
	answer["id"] = id
	answer["command"] = command
	e.Emit("answer", answer)
}

// Text returns the text of a line, or the bytes after "base64:".
func Text(words string) ([]byte, error) {
	if encoded, found := strings.CutPrefix(words, "base64:"); found {
		return base64.StdEncoding.DecodeString(encoded)
	}
	return []byte(words), nil
}

// Random returns as many pseudo-random bytes as the words of a command say, always the same for a number. They do not compress.
func Random(words string) ([]byte, error) {
	size, err := strconv.Atoi(words)
	if err != nil || size < 0 || size > maxRandom {
		return nil, fmt.Errorf("size %q: a number from 0 to %d", words, maxRandom)
	}
	random := rand.New(rand.NewPCG(1, uint64(size)))
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data, nil
}

// Split returns the elements of a list with commas.
func Split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}
