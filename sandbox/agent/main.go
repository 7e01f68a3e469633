// The agent is process 1 of a sandbox: it makes ready what can be made ready, takes one run from the runner
// over its standard input, carries its output and its end over its standard output, and dies with its input.
// It has no settings of its own: what the container may do is the container's, what the run may do is in START.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Nothing of a run outlives five minutes, whoever forgets it. The runner ends it long before.
const lastResort = 290 * time.Second

func languageNamed(name string) language {
	switch name {
	case "python":
		return newPython()
	case "javascript":
		return newNode()
	case "go":
		return &compiled{plan: planGo}
	case "rust":
		return &compiled{plan: planRust}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: agent LANGUAGE")
	}
	language := languageNamed(os.Args[1])
	if language == nil {
		fail("unknown language " + os.Args[1])
	}
	score := openOOMScore()
	if err := guard(); err != nil {
		fail(err.Error())
	}
	// A cached binary then comes in a few pieces rather than in many.
	_, _ = fcntl(0, fSetPipeSize, wideBytes)
	children := newChildren(score)
	frames := &frameWriter{to: nonBlocking(1)}
	if err := language.prepare(children); err != nil {
		fail(err.Error())
	}
	if err := frames.send(frameReady, nil); err != nil {
		fail(err.Error())
	}
	serve(nonBlocking(0), frames, language, children)
}

// serve reads the runner's frames until they end, which ends the sandbox: a runner that is gone wants nothing
// any more.
func serve(from *os.File, frames *frameWriter, language language, children *children) {
	var cached []byte
	var running *job
	for {
		kind, payload, err := readFrame(from)
		if err != nil {
			os.Exit(0)
		}
		switch {
		case kind == frameBinary && running == nil:
			cached = payload
		case kind == frameStdin && running != nil:
			running.stdin.add(payload)
		case kind == frameStdinEnd && running != nil:
			running.stdin.end()
		case kind == frameStop && running != nil:
			running.decide(endStopped)
		case kind == frameStart && running == nil:
			var start startMessage
			if err := json.Unmarshal(payload, &start); err != nil {
				fail("a START that cannot be read: " + err.Error())
			}
			time.AfterFunc(lastResort, func() { os.Exit(1) })
			running = newJob(start, cached, language, children, findCgroup(), frames)
			cached = nil
			go func(j *job) {
				message := j.run()
				_ = frames.sendJSON(frameExit, message)
				if j.built != nil {
					_ = frames.send(frameBinary, j.built)
				}
			}(running)
		default:
			fail(fmt.Sprintf("a frame %q out of turn", kind))
		}
	}
}

// nonBlocking lets the runtime wait for the descriptor without a thread of its own.
func nonBlocking(descriptor int) *os.File {
	_ = syscall.SetNonblock(descriptor, true)
	return os.NewFile(uintptr(descriptor), "runner")
}

// fail ends the sandbox; the runner shows the words as the reason.
func fail(message string) {
	fmt.Fprintln(os.Stderr, "agent: "+message)
	os.Exit(1)
}
