package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The types of a terminal's channel.
const (
	frameOpen   = 'T' // columns and rows, two bytes each, big endian
	frameKeys   = 'I' // raw bytes
	frameResize = 'W' // as OPEN
	frameRead   = 'A' // how many bytes of the output were read in all, eight bytes, big endian
	frameHangUp = 'H' // no payload

	frameOutput = 'O' // how many bytes of the keys were taken (settledBytes), eight bytes, big endian; then raw bytes
	frameEnded  = 'Z' // JSON terminalEnd; nothing follows on the channel until it is opened again
)

const (
	terminalPauseBytes  = 100_000
	terminalResumeBytes = 5_000
	terminalInputBytes  = 64 << 10
	// The most output in one frame, and what is ahead of it.
	terminalOutputBytes = 32 << 10
	takenBytes          = 8
	outputHead          = headerBytes + takenBytes
	// More than the kernel holds for a terminal. What programs go on to write after the shell's end is not waited for.
	terminalDrainBytes = 128 << 10
	bell               = "\a"
)

// How a terminal's shell ended. Message is a sentence for a person, where none could be started.
type terminalEnd struct {
	Code    *int   `json:"code"`
	Signal  string `json:"signal"`
	Message string `json:"message"`
}

// terminal is a shell on a pseudo-terminal.
type terminal struct {
	channel uint16
	frames  *frameWriter
	pty     *pty
	keys    *keys
	flow    *flow
	shell   <-chan ended
	// The id of the shell's session, which is the shell's own.
	session int

	// Held from the reading of output until its frame is sent, so that frames keep its order and none follows the end.
	sending sync.Mutex
	buffer  []byte
	// What the runner knows to be taken of the keys.
	told uint64

	hangUpOnce sync.Once
	hungUp     chan struct{}
}

// openTerminal starts a shell. Its life is in `live`.
func openTerminal(channel uint16, s size, c *children, frames *frameWriter) (*terminal, error) {
	p, err := openPTY(s)
	if err != nil {
		return nil, err
	}
	session, done, err := startShell(c, p.slave)
	if err != nil {
		p.close()
		return nil, err
	}
	t := &terminal{
		channel: channel, frames: frames, pty: p, shell: done, session: session,
		flow:   newFlow(terminalPauseBytes, terminalResumeBytes),
		buffer: make([]byte, outputHead+terminalOutputBytes),
		hungUp: make(chan struct{}),
	}
	t.keys = newKeys(terminalInputBytes, t.acknowledge)
	return t, nil
}

// take handles a frame of the runner's. An error ends the sandbox.
func (t *terminal) take(kind byte, payload []byte) error {
	switch kind {
	case frameKeys:
		t.typed(payload)
	case frameResize:
		s, err := readSize(payload)
		if err != nil {
			return err
		}
		// It fails only for a terminal that has just been closed.
		_ = t.pty.resize(s)
	case frameRead:
		if len(payload) != 8 {
			return errors.New("a READ that cannot be read")
		}
		t.flow.acknowledge(binary.BigEndian.Uint64(payload))
	case frameHangUp:
		t.hangUpOnce.Do(func() { close(t.hungUp) })
	default:
		return fmt.Errorf("a frame %q, which a terminal does not take", kind)
	}
	return nil
}

// typed hands on keys. The kernel reads them in their order and stops where no program takes them, so that it might never
// come to a Ctrl-C. What waits ahead of it is dropped here, as the kernel does when it comes to one.
func (t *terminal) typed(message []byte) {
	if len(message) == 1 && message[0] == ctrlC && t.pty.interrupts() {
		_ = errors.Join(t.keys.drop(t.pty.dropInput), t.pty.stopWriting())
	}
	if t.keys.add(message) {
		t.ring()
	}
}

// live returns how the shell ended, when everything of the terminal is over and all output is sent. The grace is that
// of a hang-up.
func (t *terminal) live(grace time.Duration) terminalEnd {
	go t.keys.feed(t.pty.write)
	carried := make(chan struct{})
	go func() {
		defer close(carried)
		t.carry()
	}()
	var end ended
	select {
	case end = <-t.shell:
	case <-t.hungUp:
		t.flow.drop()
		endSession(t.session, grace)
		end = <-t.shell
	}
	t.flow.end()
	_ = t.pty.stopReading()
	<-carried
	t.keys.close()
	t.flow.drop()
	t.sending.Lock()
	defer t.sending.Unlock()
	// Whoever still uses the terminal is hung up on.
	t.pty.close()
	if end.status.Signaled() {
		return terminalEnd{Signal: signalName(end.status.Signal())}
	}
	code := end.status.ExitStatus()
	return terminalEnd{Code: &code}
}

// carry sends the output until the terminal is over, and then what the kernel still holds of it.
func (t *terminal) carry() {
	for t.flow.wait() {
		err := t.pty.whenReadable(func(master int) bool {
			t.sending.Lock()
			defer t.sending.Unlock()
			return t.pass(func(into []byte) int { return readAvailable(master, into) }) > 0
		})
		if err != nil {
			break
		}
	}
	for left := terminalDrainBytes; left > 0; {
		t.sending.Lock()
		n := t.pass(t.pty.readNow)
		t.sending.Unlock()
		if n == 0 {
			return
		}
		left -= n
	}
}

// acknowledge says which keys are taken, behind all that was written until then. It is called when there are more of them.
// The output of a terminal that is paused still has their echo ahead of it: there, the output says it later.
func (t *terminal) acknowledge() {
	t.sending.Lock()
	defer t.sending.Unlock()
	if !t.flow.full() {
		t.pass(t.pty.readNow)
	}
}

// pass sends the output that `read` gives, and which keys are taken if that is news. It returns how much output it was.
// `sending` is held.
func (t *terminal) pass(read func(into []byte) int) int {
	taken := t.keys.settledBytes()
	n := read(t.buffer[outputHead:])
	if n == terminalOutputBytes {
		// The echo may be in what comes next.
		taken = t.told
	}
	if n > 0 || taken != t.told {
		t.send(t.buffer[:outputHead+n], taken)
	}
	return n
}

func (t *terminal) ring() {
	t.sending.Lock()
	defer t.sending.Unlock()
	t.send(append(make([]byte, outputHead), bell...), t.told)
}

// send sends bytes that have outputHead free ahead of them. `sending` is held.
func (t *terminal) send(bytes []byte, taken uint64) {
	if !t.flow.send(len(bytes) - outputHead) {
		return
	}
	t.told = taken
	putHeader(bytes, t.channel, frameOutput)
	binary.BigEndian.PutUint64(bytes[headerBytes:], taken)
	_ = t.frames.write(bytes)
}

func readSize(payload []byte) (size, error) {
	if len(payload) != 4 {
		return size{}, errors.New("a size that cannot be read")
	}
	return size{cols: binary.BigEndian.Uint16(payload), rows: binary.BigEndian.Uint16(payload[2:])}, nil
}
