package main

import (
	"sync"
	"syscall"
)

// keys are what was typed into a terminal and no program has room for yet.
type keys struct {
	mutex  sync.Mutex
	more   *sync.Cond
	limit  int
	held   []byte
	closed bool
	// The last message did not fit.
	overflowing bool
}

func newKeys(limit int) *keys {
	k := &keys{limit: limit}
	k.more = sync.NewCond(&k.mutex)
	return k
}

// add keeps a message, or drops it whole where it does not fit. `told` is true for the first of those dropped in a row.
func (k *keys) add(message []byte) (told bool) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if len(k.held)+len(message) > k.limit {
		told = !k.overflowing
		k.overflowing = true
		return told
	}
	k.overflowing = false
	k.held = append(k.held, message...)
	k.more.Signal()
	return false
}

// drop forgets what waits, and has others forget it too, while nothing is written.
func (k *keys) drop(others func() error) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.held = nil
	return others()
}

func (k *keys) close() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.closed = true
	k.more.Signal()
}

// feed hands over keys until they are closed. `write` calls the function that it is given when there may be room, and
// again after EAGAIN.
func (k *keys) feed(write func(attempt func(descriptor int) error) error) {
	for k.wait() {
		if write(k.writeSome) != nil {
			return
		}
	}
}

// wait returns when there are keys: true, or false when they are closed.
func (k *keys) wait() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for len(k.held) == 0 && !k.closed {
		k.more.Wait()
	}
	return !k.closed
}

func (k *keys) writeSome(descriptor int) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if len(k.held) == 0 {
		return nil
	}
	n, err := syscall.Write(descriptor, k.held[:min(len(k.held), onePacket)])
	k.held = k.held[max(0, n):]
	return err
}
