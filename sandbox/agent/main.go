// The agent is process 1 of a sandbox. It takes the runner's frames from its standard input, answers on its standard
// output, and dies with its input. Its one argument says what the sandbox is for. For a run it prepares what can be
// prepared ahead, and takes one run. For a workspace it opens terminals, and keeps the files on the disk in step with the
// room's. It has no settings of its own: the container says what the container may do, and START says what the run may
// do.
package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// The argument of a sandbox that is no run's. It has no last resort: it lives as long as its runner has it.
const workspaceProfile = "workspace"

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
		fail("usage: agent LANGUAGE|" + workspaceProfile)
	}
	purpose := os.Args[1]
	language := languageNamed(purpose)
	if language == nil && purpose != workspaceProfile {
		fail("unknown language " + purpose)
	}
	score := openOOMScore()
	if err := guard(); err != nil {
		fail(err.Error())
	}
	// A cached binary then comes in a few pieces rather than in many.
	_, _ = fcntl(0, fSetPipeSize, wideBytes)
	children := newChildren(score)
	frames := &frameWriter{to: nonBlocking(1)}
	channels, err := prepare(language, children, frames)
	if err != nil {
		fail(err.Error())
	}
	if err := frames.send(runChannel, frameReady, nil); err != nil {
		fail(err.Error())
	}
	// A runner that is gone wants nothing any more: the end of its frames ends the sandbox.
	if err := serve(nonBlocking(0), channels); err != nil {
		fail(err.Error())
	}
}

// prepare does what can be done ahead, for a run in the language, or for a workspace without one. It returns who takes
// the frames.
func prepare(l language, c *children, frames *frameWriter) (taker, error) {
	if l == nil {
		return prepareWorkspace(c, frames)
	}
	if err := l.prepare(c); err != nil {
		return nil, err
	}
	return dispatcher{runChannel: (&oneRun{language: l, children: c, frames: frames}).handlers()}, nil
}

func prepareWorkspace(c *children, frames *frameWriter) (taker, error) {
	if err := prepareHome(); err != nil {
		return nil, err
	}
	channels := workspaceChannels{terminals: newTerminals(c, frames)}
	f, err := newFiles(workspace, frames, time.Now)
	switch {
	case errors.Is(err, syscall.ENOSYS):
		channels.files = noFiles{frames: frames, reason: err}.take
	case err != nil:
		return nil, err
	default:
		go f.live()
		channels.files = f.take
	}
	return channels, nil
}

// workspaceChannels are those of a workspace: one of the files, and those of the terminals.
type workspaceChannels struct {
	files     func(payload []byte) error
	terminals *terminals
}

func (w workspaceChannels) take(f frame) error {
	if f.channel == runChannel && f.kind == frameFiles {
		return w.files(f.payload)
	}
	return w.terminals.take(f)
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
