package main

import (
	"os"
	"sync"
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

// source is a pipe that a process writes into.
type source struct {
	pipe  *os.File
	into  *stream
	ended bool
}

const (
	readBytes = 64 << 10
	// How much of the first pipe goes ahead of a piece of the second.
	aheadReads = 4
)

// carrier reads a process's two pipes and sends what they hold. It always reads on, so that a program never waits
// for a reader. Two pipes cannot be put in their true order; where both hold something, the first goes first,
// so that an error comes after the output that led to it.
type carrier struct {
	frames        *frameWriter
	mutex         sync.Mutex
	first, second *source
	buffer        []byte
}

func newCarrier(frames *frameWriter, first, second *source) *carrier {
	return &carrier{frames: frames, first: first, second: second, buffer: make([]byte, headerBytes+readBytes)}
}

// carry returns when every writer of both pipes has closed them, and closes our ends.
func (c *carrier) carry() {
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); c.follow(c.first, nil) }()
	go func() { defer both.Done(); c.follow(c.second, c.first) }()
	both.Wait()
	c.first.pipe.Close()
	c.second.pipe.Close()
}

func (c *carrier) follow(s, ahead *source) {
	raw, err := s.pipe.SyscallConn()
	if err != nil {
		return
	}
	for !c.hasEnded(s) {
		err := raw.Read(func(descriptor uintptr) bool {
			c.mutex.Lock()
			defer c.mutex.Unlock()
			if ahead != nil {
				c.takeAhead(ahead)
			}
			return s.ended || c.take(s, int(descriptor))
		})
		if err != nil {
			return
		}
	}
}

func (c *carrier) hasEnded(s *source) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return s.ended
}

func (c *carrier) takeAhead(s *source) {
	raw, err := s.pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(descriptor uintptr) {
		for range aheadReads {
			if s.ended || !c.take(s, int(descriptor)) {
				return
			}
		}
	})
}

// take reads once without waiting; false when there is nothing to read yet. The mutex is held.
func (c *carrier) take(s *source, descriptor int) bool {
	n, err := syscall.Read(descriptor, c.buffer[headerBytes:])
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return false
	}
	if err != nil || n <= 0 {
		s.ended = true
		return true
	}
	to := s.into
	total := to.total.Add(int64(n))
	if keep := min(int64(n), to.kept-(total-int64(n))); keep > 0 {
		_ = c.frames.sendFilled(to.kind, c.buffer[:headerBytes+keep])
	}
	if total > to.flood {
		to.onFlood()
	}
	return true
}
