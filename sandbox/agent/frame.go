package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// A frame is one type byte, the payload's length in four bytes (big endian), and the payload.
// apps/runner/src/frames.ts is the other end.
const (
	frameStart    = 'S' // JSON startMessage
	frameBinary   = 'B' // in: a binary to run instead of compiling, before START; out: the one just compiled
	frameStdin    = 'I' // raw bytes for the program
	frameStdinEnd = 'E'
	frameStop     = 'K' // end the run; no payload

	frameReady = 'R' // the sandbox waits for START
	framePhase = 'P' // "compiling" or "running"
	frameOut   = 'O'
	frameErr   = 'X'
	frameExit  = 'Z' // JSON exitMessage; nothing follows but BINARY
)

const (
	headerBytes = 5
	// The largest workspace after JSON escaping fits; anything longer is a broken peer.
	maxFrameBytes = 64 << 20
)

// frameWriter sends whole frames from any goroutine.
type frameWriter struct {
	mutex sync.Mutex
	to    io.Writer
}

// send writes one frame. An error means that the runner is gone.
func (w *frameWriter) send(kind byte, payload []byte) error {
	frame := make([]byte, headerBytes+len(payload))
	copy(frame[headerBytes:], payload)
	putHeader(frame, kind)
	return w.write(frame)
}

// write sends whole frames that were put together elsewhere.
func (w *frameWriter) write(frames []byte) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	_, err := w.to.Write(frames)
	return err
}

// putHeader makes a frame of a payload that has headerBytes free ahead of it.
func putHeader(frame []byte, kind byte) {
	frame[0] = kind
	binary.BigEndian.PutUint32(frame[1:], uint32(len(frame)-headerBytes))
}

func (w *frameWriter) sendJSON(kind byte, message any) error {
	payload, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return w.send(kind, payload)
}

// readFrame returns the next frame, or io.EOF at a clean end.
func readFrame(from io.Reader) (kind byte, payload []byte, err error) {
	var header [headerBytes]byte
	if _, err = io.ReadFull(from, header[:]); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(header[1:])
	if length > maxFrameBytes {
		return 0, nil, fmt.Errorf("frame of %d bytes", length)
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(from, payload)
	return header[0], payload, err
}
