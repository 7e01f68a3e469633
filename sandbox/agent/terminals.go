package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"
)

// terminals are those of a workspace, by their channels.
type terminals struct {
	children *children
	frames   *frameWriter
	grace    time.Duration
	mutex    sync.Mutex
	open     map[uint16]*terminal
}

func newTerminals(c *children, frames *frameWriter) *terminals {
	return &terminals{children: c, frames: frames, grace: hangUpGrace, open: map[uint16]*terminal{}}
}

// take handles a frame of the runner's. One for a terminal that is not there is left alone: it was sent before the runner
// had heard of the end.
func (all *terminals) take(f frame) error {
	all.mutex.Lock()
	t := all.open[f.channel]
	all.mutex.Unlock()
	switch {
	case f.channel == runChannel:
		return fmt.Errorf("a frame %q on channel %d, which does not take it", f.kind, f.channel)
	case f.kind == frameOpen && t != nil:
		return fmt.Errorf("a second OPEN on channel %d", f.channel)
	case f.kind == frameOpen:
		return all.begin(f.channel, f.payload)
	case t != nil:
		return t.take(f.kind, f.payload)
	}
	return nil
}

func (all *terminals) begin(channel uint16, payload []byte) error {
	s, err := readSize(payload)
	if err != nil {
		return err
	}
	t, err := openTerminal(channel, s, all.children, all.frames)
	if err != nil {
		return all.frames.sendJSON(channel, frameEnded, terminalEnd{Message: cannotOpen(err)})
	}
	all.mutex.Lock()
	all.open[channel] = t
	all.mutex.Unlock()
	go func() {
		end := t.live(all.grace)
		content, _ := json.Marshal(end)
		// In this order, so that a runner that has heard of the end may open the channel again.
		all.mutex.Lock()
		delete(all.open, channel)
		all.mutex.Unlock()
		_ = all.frames.send(channel, frameEnded, content)
	}()
	return nil
}

func cannotOpen(err error) string {
	if errors.Is(err, syscall.EAGAIN) {
		return "No shell could be started: the workspace has as many processes as it may have. End some of them, and open a terminal again."
	}
	return "No shell could be started: " + err.Error() + ". Close the workspace, and open a terminal again."
}
