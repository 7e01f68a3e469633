package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
)

// stream is one of the run's output streams: the first `kept` bytes go to the runner, the rest are counted.
type stream struct {
	kind    byte
	kept    int64
	flood   int64
	onFlood func()
	total   atomic.Int64
}

// truncated is how many bytes were counted but not sent.
func (s *stream) truncated() int64 {
	return max(0, s.total.Load()-s.kept)
}

// count takes note of n more bytes and returns how many of them are to be sent, from the first.
func (s *stream) count(n int64) int64 {
	total := s.total.Add(n)
	if total > s.flood {
		s.onFlood()
	}
	return max(0, min(n, s.kept-(total-n)))
}

const (
	fSetPipeSize = 1031
	fGetPipeSize = 1032
	// The least that a pipe can have: one page, which is one packet.
	onePacket = 4096
	// For a stream of which nothing more is sent.
	wideBytes = 1 << 20
	// Room for a read: no packet is larger, on machines with the largest pages.
	readBytes = 64 << 10
)

// outlet is our end of a pipe that a process writes one of its streams into.
type outlet struct {
	descriptor int
	into       *stream
}

// carrier takes what a process writes into its two pipes, in the order in which the process wrote it.
//
// Each pipe is in packet mode and has room for one packet, so a second write waits until the first is taken. One edge-
// triggered epoll looks at both pipes. It reports them in the order in which the packets came, and for each report one
// packet is taken. A program may make a pipe larger. Everything in that pipe is taken at once: no byte is lost, but
// the order is.
type carrier struct {
	epoll   int
	outlets [2]outlet
	null    int
	batch   batch
}

// newCarrier makes the two pipes. Their other ends are for the process; the caller closes its copies of them.
func newCarrier() (c *carrier, stdout, stderr *os.File, err error) {
	c = &carrier{epoll: -1, null: -1, outlets: [2]outlet{{descriptor: -1}, {descriptor: -1}}}
	if c.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err == nil {
		c.null, err = syscall.Open("/dev/null", syscall.O_WRONLY|syscall.O_CLOEXEC, 0)
	}
	if err == nil {
		stdout, err = c.open(0)
	}
	if err == nil {
		if stderr, err = c.open(1); err != nil {
			stdout.Close()
		}
	}
	if err != nil {
		c.close()
		return nil, nil, nil, fmt.Errorf("pipes for the output: %w", err)
	}
	return c, stdout, stderr, nil
}

// open makes a pipe, watches it, and returns its other end.
func (c *carrier) open(i int) (*os.File, error) {
	var ends [2]int
	err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC|syscall.O_DIRECT)
	if err == syscall.EINVAL {
		// The kernel has no packet mode, for example gVisor's. The order of the streams is then nearly right.
		err = syscall.Pipe2(ends[:], syscall.O_CLOEXEC)
	}
	if err != nil {
		return nil, err
	}
	theirs := os.NewFile(uintptr(ends[1]), "output")
	o := &c.outlets[i]
	o.descriptor = ends[0]
	_, _ = fcntl(o.descriptor, fSetPipeSize, onePacket)
	const edge = syscall.EPOLLET & 0xffffffff
	event := syscall.EpollEvent{Events: syscall.EPOLLIN | edge, Fd: int32(i)}
	err = syscall.SetNonblock(o.descriptor, true)
	if err == nil {
		err = syscall.EpollCtl(c.epoll, syscall.EPOLL_CTL_ADD, o.descriptor, &event)
	}
	if err != nil {
		theirs.Close()
		return nil, err
	}
	return theirs, nil
}

// carry returns when every writer of both pipes has closed them, and closes our ends.
func (c *carrier) carry(frames *frameWriter, stdout, stderr *stream) {
	defer c.close()
	c.outlets[0].into, c.outlets[1].into = stdout, stderr
	c.batch.frames = frames
	events := make([]syscall.EpollEvent, 1)
	for open := len(c.outlets); open > 0; {
		n, err := syscall.EpollWait(c.epoll, events, c.batch.patience())
		if err != nil && err != syscall.EINTR {
			return
		}
		if n > 0 {
			o := &c.outlets[events[0].Fd]
			if c.take(o, events[0].Events&syscall.EPOLLHUP != 0) {
				o.close()
				open--
			}
		}
		if n == 0 || c.batch.due() {
			c.batch.send()
		}
	}
	c.batch.send()
}

// take reads one packet, or all where `all` says so or the pipe is not as it was made. It is true at the end.
func (c *carrier) take(o *outlet, all bool) bool {
	for {
		n, err := c.next(o)
		switch {
		case err == syscall.EAGAIN:
			return false
		case err == syscall.EINTR:
			continue
		case err != nil || n <= 0:
			return true
		}
		c.batch.add(o.into.kind, int(o.into.count(n)))
		if !all && holdsOnePacket(o.descriptor) {
			return false
		}
		if c.batch.due() {
			c.batch.send()
		}
	}
}

// next reads a packet into the batch. Where nothing more of the stream is sent, it takes everything that is there
// without looking at it, and lets the program write more at a time.
func (c *carrier) next(o *outlet) (int64, error) {
	if o.into.truncated() == 0 {
		n, err := syscall.Read(o.descriptor, c.batch.space(o.into.kind))
		return int64(n), err
	}
	if holdsOnePacket(o.descriptor) {
		_, _ = fcntl(o.descriptor, fSetPipeSize, wideBytes)
	}
	const nonBlocking = 2
	return syscall.Splice(o.descriptor, nil, c.null, nil, wideBytes, nonBlocking)
}

// lastWords is what the process wrote to stderr and nobody has taken, at most a packet of it.
func (c *carrier) lastWords() []byte {
	words := make([]byte, readBytes)
	n, _ := syscall.Read(c.outlets[1].descriptor, words)
	return words[:max(0, n)]
}

func (c *carrier) close() {
	for i := range c.outlets {
		c.outlets[i].close()
	}
	for _, descriptor := range []int{c.epoll, c.null} {
		if descriptor >= 0 {
			syscall.Close(descriptor)
		}
	}
}

func (o *outlet) close() {
	if o.descriptor >= 0 {
		syscall.Close(o.descriptor)
		o.descriptor = -1
	}
}

// holdsOnePacket tells whether a pipe is still as narrow as it was made: a program may change a pipe that it has.
func holdsOnePacket(descriptor int) bool {
	size, _ := fcntl(descriptor, fGetPipeSize, 0)
	return size == os.Getpagesize()
}

func fcntl(descriptor, command, argument int) (int, error) {
	result, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(descriptor), uintptr(command), uintptr(argument))
	if errno != 0 {
		return -1, errno
	}
	return int(result), nil
}
