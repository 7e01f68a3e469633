package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// A frame is the payload's length in four bytes, its channel in two (both big endian), one type byte, and the payload.
// What a type means is its channel's affair. apps/runner/src/frames.ts is the other end; testdata/frames.json holds
// frames that both ends must read and write alike.
type frame struct {
	channel uint16
	kind    byte
	payload []byte
}

// The channel of the run, and its types.
const (
	runChannel = 0

	frameStart    = 'S' // JSON startMessage
	frameBinary   = 'B' // in: a binary to run instead of compiling, before START; out: the one just compiled
	frameFile     = 'N' // the path of a file that is no text, before START
	frameBytes    = 'D' // raw bytes at the end of that file
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
	headerBytes = 7
	kindAt      = 6
	// The largest workspace after JSON escaping fits; anything longer is a broken peer.
	maxPayloadBytes = 64 << 20
)

// frameWriter sends whole frames from any goroutine.
type frameWriter struct {
	mutex sync.Mutex
	to    io.Writer
}

// send writes one frame. An error means that the runner is gone.
func (w *frameWriter) send(channel uint16, kind byte, payload []byte) error {
	bytes := make([]byte, headerBytes+len(payload))
	copy(bytes[headerBytes:], payload)
	putHeader(bytes, channel, kind)
	return w.write(bytes)
}

// write sends whole frames that were put together elsewhere.
func (w *frameWriter) write(frames []byte) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	_, err := w.to.Write(frames)
	return err
}

// putHeader makes a frame of a payload that has headerBytes free ahead of it.
func putHeader(bytes []byte, channel uint16, kind byte) {
	binary.BigEndian.PutUint32(bytes, uint32(len(bytes)-headerBytes))
	binary.BigEndian.PutUint16(bytes[4:], channel)
	bytes[kindAt] = kind
}

func (w *frameWriter) sendJSON(channel uint16, kind byte, message any) error {
	payload, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return w.send(channel, kind, payload)
}

// readFrame returns the next frame, or io.EOF at a clean end.
func readFrame(from io.Reader) (frame, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(from, header[:]); err != nil {
		return frame{}, err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length > maxPayloadBytes {
		return frame{}, fmt.Errorf("a frame of %d bytes", length)
	}
	f := frame{
		channel: binary.BigEndian.Uint16(header[4:]),
		kind:    header[kindAt],
		payload: make([]byte, length),
	}
	if _, err := io.ReadFull(from, f.payload); err == io.EOF {
		return frame{}, io.ErrUnexpectedEOF
	} else if err != nil {
		return frame{}, err
	}
	return f, nil
}
