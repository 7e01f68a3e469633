package main

import (
	"os"
	"sync/atomic"
)

// stream carries one of the program's output streams to the runner: the first `kept` bytes as frames, the
// rest only counted. It always reads on, so that a program never waits for a reader.
type stream struct {
	kind    byte
	frames  *frameWriter
	kept    int64
	flood   int64
	onFlood func()
	total   atomic.Int64
}

const readBytes = 64 << 10

// pump reads until every writer of the pipe has closed it.
func (s *stream) pump(from *os.File) {
	defer from.Close()
	buffer := make([]byte, headerBytes+readBytes)
	for {
		n, err := from.Read(buffer[headerBytes:])
		if n > 0 {
			total := s.total.Add(int64(n))
			if keep := min(int64(n), s.kept-(total-int64(n))); keep > 0 {
				_ = s.frames.sendFilled(s.kind, buffer[:headerBytes+keep])
			}
			if total > s.flood {
				s.onFlood()
			}
		}
		if err != nil {
			return
		}
	}
}

// truncated is how many bytes were counted but not sent.
func (s *stream) truncated() int64 {
	return max(0, s.total.Load()-s.kept)
}
