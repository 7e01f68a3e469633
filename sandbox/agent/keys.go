package main

import "sync"

// keys are what was typed into a terminal and no program has room for yet.
type keys struct {
	mutex sync.Mutex
	more  *sync.Cond
	limit int
	held  []byte
	// What feed is writing. It counts as held.
	writing []byte
	closed  bool
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
	if len(k.held)+len(k.writing)+len(message) > k.limit {
		told = !k.overflowing
		k.overflowing = true
		return told
	}
	k.overflowing = false
	k.held = append(k.held, message...)
	k.more.Signal()
	return false
}

// drop forgets what waits.
func (k *keys) drop() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.held, k.writing = nil, nil
}

func (k *keys) close() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.closed = true
	k.more.Signal()
}

// feed writes into a terminal until the keys are closed.
func (k *keys) feed(write func([]byte) (int, error)) {
	for piece := k.next(0); piece != nil; {
		n, err := write(piece)
		if err != nil {
			return
		}
		piece = k.next(n)
	}
}

// next waits for the next piece to write, after the first n bytes of the last one were written. It is nil at the end.
func (k *keys) next(n int) []byte {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.writing = k.writing[min(n, len(k.writing)):]
	for len(k.writing) == 0 {
		for len(k.held) == 0 && !k.closed {
			k.more.Wait()
		}
		if k.closed {
			return nil
		}
		k.writing, k.held = k.held, nil
	}
	return k.writing[:min(len(k.writing), onePacket)]
}
