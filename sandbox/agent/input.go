package main

import (
	"os"
	"sync"
)

// input holds what the runner sent for the program's standard input until the program reads it. Beyond its
// limit it drops and counts, so that a program that reads nothing costs a bounded amount of memory.
type input struct {
	mutex   sync.Mutex
	more    *sync.Cond
	limit   int64
	held    int64
	chunks  [][]byte
	closed  bool
	dropped int64
}

func newInput(limit int64) *input {
	i := &input{limit: limit}
	i.more = sync.NewCond(&i.mutex)
	return i
}

func (i *input) add(chunk []byte) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.closed || i.held+int64(len(chunk)) > i.limit {
		i.dropped += int64(len(chunk))
		return
	}
	i.held += int64(len(chunk))
	i.chunks = append(i.chunks, chunk)
	i.more.Signal()
}

// end lets the program see the end of its input after what was added before.
func (i *input) end() {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.closed = true
	i.more.Signal()
}

func (i *input) droppedBytes() int64 {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.dropped
}

// feed writes into the program's pipe until the input ends or the program closes its side.
func (i *input) feed(to *os.File) {
	defer to.Close()
	for {
		i.mutex.Lock()
		for len(i.chunks) == 0 && !i.closed {
			i.more.Wait()
		}
		if len(i.chunks) == 0 {
			i.mutex.Unlock()
			return
		}
		chunk := i.chunks[0]
		i.chunks = i.chunks[1:]
		i.mutex.Unlock()

		_, err := to.Write(chunk)

		i.mutex.Lock()
		i.held -= int64(len(chunk))
		i.mutex.Unlock()
		if err != nil {
			return
		}
	}
}
