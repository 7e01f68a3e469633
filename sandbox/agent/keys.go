package main

import (
	"sync"
	"syscall"
	"time"
)

const (
	// What a program has not shown so long after it was given a key, it is not going to show. mosh waits as long.
	echoDelay = 50 * time.Millisecond
	// Keys that are taken within so long of one another settle together.
	settleSpan = 5 * time.Millisecond
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
	// How many bytes were written or dropped, and how many of these were so echoDelay ago.
	taken, settled uint64
	newest         *taking
	// Called after each change of `settled`.
	onSettled func()
}

// taking is what was taken within settleSpan.
type taking struct {
	began time.Time
	upTo  uint64
}

func newKeys(limit int, onSettled func()) *keys {
	k := &keys{limit: limit, onSettled: onSettled}
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
		k.take(len(message))
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
	k.take(len(k.held))
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
	k.take(max(0, n))
	k.held = k.held[max(0, n):]
	return err
}

// take counts bytes that were written or dropped. The mutex is held.
func (k *keys) take(n int) {
	if n == 0 {
		return
	}
	k.taken += uint64(n)
	if k.newest != nil && time.Since(k.newest.began) < settleSpan {
		k.newest.upTo = k.taken
		return
	}
	newest := &taking{began: time.Now(), upTo: k.taken}
	k.newest = newest
	time.AfterFunc(echoDelay, func() { k.settle(newest) })
}

func (k *keys) settle(t *taking) {
	k.mutex.Lock()
	k.settled = max(k.settled, t.upTo)
	k.mutex.Unlock()
	k.onSettled()
}

// settledBytes tells how many bytes were taken long enough ago for their echo to be in the output.
func (k *keys) settledBytes() uint64 {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.settled
}
