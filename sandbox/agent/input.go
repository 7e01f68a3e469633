package main

import (
	"bytes"
	"os"
	"sync"
	"syscall"
	"unsafe"
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

// newInputPipe makes the pipe that feed writes into. It holds one piece, so that feed is told when that has been read.
func newInputPipe() (theirs, ours *os.File, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, nil, err
	}
	_, _ = fcntl(ends[1], fSetPipeSize, onePacket)
	_ = syscall.SetNonblock(ends[1], true)
	return os.NewFile(uintptr(ends[0]), "stdin"), os.NewFile(uintptr(ends[1]), "stdin"), nil
}

// feed writes into the program's pipe until the input ends. As in a terminal, one read gives at most one line: the
// next is written when the one before has been read.
func (i *input) feed(to *os.File) {
	defer to.Close()
	raw, err := to.SyscallConn()
	if err != nil {
		return
	}
	for piece := i.next(); piece != nil; piece = i.next() {
		var failure error
		err := raw.Write(func(descriptor uintptr) bool {
			// The kernel tells when a full pipe is read. A wider one would not be full.
			if holdsOnePacket(int(descriptor)) && unread(descriptor) > 0 {
				return false
			}
			_, failure = syscall.Write(int(descriptor), piece)
			return failure != syscall.EAGAIN
		})
		if err != nil || failure != nil {
			return
		}
	}
}

// next waits for the next piece: a line, or as much of one as the pipe takes or as is there. It is nil at the end.
func (i *input) next() []byte {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	for len(i.chunks) == 0 && !i.closed {
		i.more.Wait()
	}
	if len(i.chunks) == 0 {
		return nil
	}
	chunk := i.chunks[0]
	piece := chunk[:min(len(chunk), onePacket)]
	if end := bytes.IndexByte(piece, '\n'); end >= 0 {
		piece = piece[:end+1]
	}
	if i.chunks[0] = chunk[len(piece):]; len(i.chunks[0]) == 0 {
		i.chunks = i.chunks[1:]
	}
	i.held -= int64(len(piece))
	return piece
}

// unread is how many bytes are in a pipe.
func unread(descriptor uintptr) int {
	var count int32
	_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, descriptor, syscall.TIOCINQ, uintptr(unsafe.Pointer(&count)))
	return int(count)
}
