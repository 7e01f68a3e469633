package main

import "sync"

// flow counts a terminal's output against what was read of it at the other end.
type flow struct {
	mutex   sync.Mutex
	changed *sync.Cond
	// Reading stops beyond `pause` unread bytes, and goes on at `resume`.
	pause, resume int64
	sent, read    int64
	paused        bool
	// The output is of no use any more: it is taken from the terminal, and not sent.
	dropping bool
	over     bool
}

func newFlow(pause, resume int64) *flow {
	f := &flow{pause: pause, resume: resume}
	f.changed = sync.NewCond(&f.mutex)
	return f
}

// wait returns when the terminal may be read on: true, or false when it is over.
func (f *flow) wait() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.paused = f.sent-f.read > f.pause
	for f.paused && !f.dropping && !f.over {
		f.changed.Wait()
	}
	return !f.over
}

// full tells whether the terminal is not read on.
func (f *flow) full() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.paused || f.sent-f.read > f.pause
}

// send counts n bytes that are about to be sent; false when they are not to be.
func (f *flow) send(n int) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.dropping {
		return false
	}
	f.sent += int64(n)
	return true
}

// acknowledge takes note that the first `upTo` bytes were read.
func (f *flow) acknowledge(upTo uint64) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.read = max(f.read, int64(min(upTo, uint64(f.sent))))
	if f.paused && f.sent-f.read <= f.resume {
		f.paused = false
		f.changed.Broadcast()
	}
}

// drop ends the sending, and with it every pause.
func (f *flow) drop() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.dropping = true
	f.changed.Broadcast()
}

// end makes wait return false.
func (f *flow) end() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.over = true
	f.changed.Broadcast()
}
