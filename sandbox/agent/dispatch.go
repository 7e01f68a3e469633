package main

import (
	"fmt"
	"io"
)

// handlers are what one channel takes: a handler for each type of frame. An error of a handler ends the sandbox.
type handlers map[byte]func(payload []byte) error

// dispatcher hands the runner's frames to their channels.
type dispatcher map[uint16]handlers

// serve returns nil when the frames end. They may end anywhere, since the runner can die. An error says which
// forbidden thing the runner sent.
func (d dispatcher) serve(from io.Reader) error {
	for {
		f, err := readFrame(from)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		handle := d[f.channel][f.kind]
		if handle == nil {
			return fmt.Errorf("a frame %q on channel %d, which does not take it", f.kind, f.channel)
		}
		if err := handle(f.payload); err != nil {
			return err
		}
	}
}
