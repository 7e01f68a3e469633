package main

import (
	"fmt"
	"io"
)

// taker takes the runner's frames. An error ends the sandbox.
type taker interface {
	take(f frame) error
}

// serve returns nil when the frames end. They may end anywhere, since the runner can die. An error says which
// forbidden thing the runner sent.
func serve(from io.Reader, to taker) error {
	for {
		f, err := readFrame(from)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := to.take(f); err != nil {
			return err
		}
	}
}

// handlers are what one channel takes: a handler for each type of frame.
type handlers map[byte]func(payload []byte) error

// dispatcher hands frames to channels that are there from the beginning.
type dispatcher map[uint16]handlers

func (d dispatcher) take(f frame) error {
	handle := d[f.channel][f.kind]
	if handle == nil {
		return fmt.Errorf("a frame %q on channel %d, which does not take it", f.kind, f.channel)
	}
	return handle(f.payload)
}
