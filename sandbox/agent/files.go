package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// files keeps the server told of what programs do in the workspace's folder, and does there what the server says. One
// goroutine has all of its state: see live. Others only put commands into the queue.
type files struct {
	frames *frameWriter
	queue  commandQueue
	disk   *disk
	events *inotify
	// Its clock: what is due, is due by it.
	now func() time.Time

	root     *node
	byIno    map[uint64]*node
	watched  map[int32]*node
	ignoring ignoring
	revision int64

	// Where something may be another than is known, and when to look.
	marks  map[entry]*mark
	lookAt time.Time

	// Contents that the server sends in parts, by their names, until they are written.
	staged map[string]*staged

	// What may be at another place, or have other contents, than the server was told.
	untold map[*node]struct{}
	// Of the last batch of changes; the server has not seen it yet while `telling`.
	batch   int64
	telling bool
}

// newFiles watches a folder from now on. What is in it already is told of.
func newFiles(folder string, frames *frameWriter, now func() time.Time) (*files, error) {
	disk, err := openDisk(folder)
	if err != nil {
		return nil, err
	}
	events, err := openInotify()
	if err != nil {
		return nil, err
	}
	f := &files{
		frames: frames, queue: commandQueue{added: make(chan struct{}, 1)}, disk: disk, events: events, now: now,
		root:  &node{folder: true, top: true},
		byIno: map[uint64]*node{}, watched: map[int32]*node{}, marks: map[entry]*mark{}, untold: map[*node]struct{}{},
		staged: map[string]*staged{},
	}
	if err := f.watch(f.root); err != nil {
		return nil, fmt.Errorf("watch %s: %w", folder, err)
	}
	f.readIgnoring()
	f.lookThrough(f.root)
	return f, nil
}

// take puts a command into the queue: nobody waits for the disk.
func (f *files) take(payload []byte) error {
	f.queue.add(payload)
	return nil
}

func (f *files) live() {
	for {
		f.turn()
		f.wait()
	}
}

// turn does what there is to do now.
func (f *files) turn() {
	for payload := f.queue.next(); payload != nil; payload = f.queue.next() {
		var c filesCommand
		if err := json.Unmarshal(payload, &c); err != nil {
			fail("a command of the files that cannot be read: " + err.Error())
		}
		f.carryOut(c)
	}
	f.drain(nil)
	f.lookAround()
	f.tell()
}

// wait ends when there may be something to do.
func (f *files) wait() {
	timer := time.NewTimer(f.patience())
	defer timer.Stop()
	select {
	case <-f.queue.added:
	case <-f.events.stirred:
	case <-timer.C:
	}
}

// patience is how long nothing has to be looked at.
func (f *files) patience() time.Duration {
	if f.lookAt.IsZero() {
		return time.Hour
	}
	return max(f.lookAt.Sub(f.now()), lookEvery)
}

func (f *files) send(event any) {
	// It fails only when the runner is gone, which ends the sandbox.
	_ = f.frames.sendJSON(runChannel, frameFiles, event)
}

func (f *files) nextRevision() int64 {
	f.revision++
	return f.revision
}

// commandQueue holds commands in their order.
type commandQueue struct {
	mutex sync.Mutex
	held  [][]byte
	// Has a value when there may be something in it.
	added chan struct{}
}

func (q *commandQueue) add(payload []byte) {
	q.mutex.Lock()
	q.held = append(q.held, payload)
	q.mutex.Unlock()
	select {
	case q.added <- struct{}{}:
	default:
	}
}

// next is nil when there is none.
func (q *commandQueue) next() []byte {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if len(q.held) == 0 {
		return nil
	}
	payload := q.held[0]
	q.held = q.held[1:]
	return payload
}

func (q *commandQueue) empty() bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return len(q.held) == 0
}
