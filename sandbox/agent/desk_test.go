package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// change is any of the changes.
type change struct {
	Kind, Path, From, To string
	Revision, Base, Size int64
}

func (c change) String() string {
	if c.Kind == "moved" {
		return c.From + " moved to " + c.To
	}
	return c.Path + " " + c.Kind
}

// answer is any of the answers to a command.
type answer struct {
	Type           string
	N              int64
	Revision, Base int64
	Text           string
	Bytes          int64
	Hash           string
	Data           []byte
	Reason         refusalReason
	Detail         string
	Batch          int64
	Changes        []change
}

// desk is the server's end. It does what it is told to files and folders of its own, and fails where that cannot be done.
type desk struct {
	t    *testing.T
	f    *files
	lock sync.Mutex
	more *sync.Cond

	n       int64
	asked   map[int64]filesCommand
	answers map[int64]answer
	// What it believes: the files with their revisions, the folders.
	files   map[string]int64
	folders map[string]bool
	changes []change
	batches []int
	// The number of the last batch.
	heard int64
	// Does not say that it has seen the changes.
	blind bool

	clock handClock
	// What the agent's goroutine is to do between its turns. Nil where it has none: then the test does it.
	between chan func()
}

// handClock stands still but for what a test adds.
type handClock struct {
	lock sync.Mutex
	time time.Time
	// Has a value when it is later than before.
	moved chan struct{}
}

func (c *handClock) now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.time
}

func (c *handClock) add(passed time.Duration) {
	c.lock.Lock()
	c.time = c.time.Add(passed)
	c.lock.Unlock()
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

// newDesk watches the workspace, which is empty.
func newDesk(t *testing.T) *desk {
	t.Helper()
	place(t)
	d := unstarted(t)
	d.start()
	return d
}

// unstarted is one whose agent has begun to watch, and does nothing yet.
func unstarted(t *testing.T) *desk {
	t.Helper()
	from, to := io.Pipe()
	d := &desk{
		t: t, asked: map[int64]filesCommand{}, answers: map[int64]answer{},
		files: map[string]int64{}, folders: map[string]bool{},
		clock: handClock{time: time.Now(), moved: make(chan struct{}, 1)},
	}
	d.more = sync.NewCond(&d.lock)
	var err error
	if d.f, err = newFiles(workspace, &frameWriter{to: to}, d.clock.now); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			f, err := readFrame(from)
			if err != nil {
				return
			}
			d.hear(f)
		}
	}()
	return d
}

// lookNow has the agent look at all that has happened, as if the time for it had come. Nothing is told.
func (d *desk) lookNow() {
	for d.f.drain(nil); !d.f.lookAt.IsZero(); d.f.drain(nil) {
		d.pass()
		d.f.lookAround()
	}
}

// pass has it be as late as the agent waits for.
func (d *desk) pass() {
	d.clock.add(max(d.f.lookAt.Sub(d.clock.now()), 0))
}

// still returns when the agent has looked at all that has happened, and has told of it. It takes what time that needs.
func (d *desk) still() {
	over := make(chan struct{})
	do := func() {
		defer close(over)
		for d.f.turn(); ; d.f.turn() {
			switch {
			case !d.f.lookAt.IsZero():
				d.pass()
			case d.f.telling && !d.blind:
				<-d.f.queue.added
			default:
				return
			}
		}
	}
	if d.between == nil {
		do()
	} else {
		d.between <- do
		<-over
	}
	batch := d.f.batch
	d.until("the last batch", func() bool { return d.heard == batch })
}

// notice has the agent take note of all that has happened.
func (d *desk) notice() {
	d.t.Helper()
	d.refused(filesCommand{Type: "files.read", Path: "none"}, refusedMissing)
}

func (d *desk) start() {
	d.between = make(chan func())
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			d.f.turn()
			select {
			case <-over:
				return
			case do := <-d.between:
				do()
			case <-d.f.queue.added:
			case <-d.f.events.stirred:
			case <-d.clock.moved:
			}
		}
	}()
	d.t.Cleanup(func() {
		close(over)
		<-ended
		d.stop()
	})
}

// stop closes what the agent has open. Nothing ends it in a workspace.
func (d *desk) stop() {
	d.f.events.file.Close()
	select {
	case <-d.f.events.stirred:
	default:
	}
	syscall.Close(d.f.disk.root)
}

func (d *desk) hear(f frame) {
	d.lock.Lock()
	defer d.lock.Unlock()
	var a answer
	if err := json.Unmarshal(f.payload, &a); err != nil || f.kind != frameFiles || f.channel != runChannel {
		d.t.Errorf("a frame %q: %v", f.kind, err)
	}
	if a.Type == "files.changed" {
		d.heard = a.Batch
		d.batches = append(d.batches, len(a.Changes))
		for _, c := range a.Changes {
			d.changes = append(d.changes, c)
			if problem := d.do(c); problem != "" {
				d.t.Errorf("%v: %s", c, problem)
			}
		}
		if !d.blind {
			d.say(filesCommand{Type: "files.seen", Batch: a.Batch})
		}
	} else {
		d.answers[a.N] = a
		if a.Type == "files.done" {
			d.did(d.asked[a.N], a.Revision)
		} else if a.Type == "files.text" || a.Type == "files.binary" {
			d.files[d.asked[a.N].Path] = a.Revision
		}
	}
	d.more.Broadcast()
}

func (d *desk) say(c filesCommand) {
	payload, _ := json.Marshal(c)
	d.f.queue.add(payload)
}

// do returns why a change cannot be done.
func (d *desk) do(c change) string {
	name := c.Path + c.To
	_, isFile := d.files[name]
	inFolder := path.Dir(name) == "." || d.folders[path.Dir(name)]
	switch {
	case c.Kind != "gone" && !inFolder:
		return "its folder is not there"
	case c.Kind == "file" && d.folders[name], c.Kind == "folder" && (isFile || d.folders[name]), c.Kind == "moved" && (isFile || d.folders[name]):
		return "something is there"
	case c.Kind == "gone" && !isFile && !d.folders[name]:
		return "nothing is there"
	}
	switch c.Kind {
	case "file":
		d.files[name] = c.Revision
	case "folder":
		d.folders[name] = true
	case "gone":
		d.rename(name, "")
	case "moved":
		if !d.rename(c.From, c.To) {
			return "nothing was there"
		}
	}
	return ""
}

// rename moves all that has a path; without another it removes it.
func (d *desk) rename(from, to string) bool {
	if _, isFile := d.files[from]; isFile && to == "" {
		delete(d.files, from)
		return true
	}
	found := false
	for name, revision := range d.files {
		if name == from || strings.HasPrefix(name, from+"/") {
			found = true
			delete(d.files, name)
			if to != "" {
				defer func() { d.files[to+name[len(from):]] = revision }()
			}
		}
	}
	for name := range d.folders {
		if name == from || strings.HasPrefix(name, from+"/") {
			found = true
			delete(d.folders, name)
			if to != "" {
				defer func() { d.folders[to+name[len(from):]] = true }()
			}
		}
	}
	return found
}

// did takes note of what a command has done.
func (d *desk) did(c filesCommand, revision int64) {
	folders := func(name string) {
		for ; name != "."; name = path.Dir(name) {
			d.folders[name] = true
		}
	}
	switch c.Type {
	case "files.write":
		folders(path.Dir(c.Path))
		d.files[c.Path] = revision
	case "files.remove":
		delete(d.files, c.Path)
	case "files.folder":
		folders(c.Path)
	case "files.removeFolder":
		delete(d.folders, c.Path)
	case "files.move":
		folders(path.Dir(c.To))
		d.rename(c.From, c.To)
	}
}

// ask sends a command and returns its answer.
func (d *desk) ask(c filesCommand) answer {
	d.t.Helper()
	d.lock.Lock()
	d.n++
	c.N = d.n
	d.asked[c.N] = c
	d.lock.Unlock()
	if d.between == nil {
		d.f.carryOut(c)
	} else {
		d.say(c)
	}
	var a answer
	d.until("an answer to "+c.Type, func() (there bool) {
		a, there = d.answers[c.N]
		return there
	})
	return a
}

// write has a file hold a text in the place of its first `remove` bytes, and returns its revision.
func (d *desk) write(name string, over, remove int64, text string) int64 {
	d.t.Helper()
	a := d.ask(filesCommand{Type: "files.write", Path: name, Over: over, Remove: remove, Text: text})
	if a.Type != "files.done" {
		d.t.Fatalf("%s: %+v", name, a)
	}
	return a.Revision
}

func (d *desk) refused(c filesCommand, reason refusalReason) {
	d.t.Helper()
	if a := d.ask(c); a.Type != "files.refused" || a.Reason != reason {
		d.t.Errorf("%s: %+v, not %s", c.Type, a, reason)
	}
}

func (d *desk) until(what string, condition func() bool) {
	d.t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		d.lock.Lock()
		defer d.lock.Unlock()
		late = true
		d.more.Broadcast()
	})
	defer timer.Stop()
	d.lock.Lock()
	defer d.lock.Unlock()
	for !condition() {
		if late {
			d.t.Fatalf("not in time: %s; told %d in batches of %v: %.3000s", what, len(d.changes), d.batches, fmt.Sprint(d.changes))
		}
		d.more.Wait()
	}
}

// settled returns what was told since the last time, when all that has happened is told of.
func (d *desk) settled() []change {
	d.t.Helper()
	d.still()
	d.lock.Lock()
	defer d.lock.Unlock()
	told := d.changes
	d.changes, d.batches = nil, nil
	return told
}

// only fails unless exactly these changes were told, in any order. It returns them in that of their words.
func (d *desk) only(want ...string) []change {
	d.t.Helper()
	told := d.settled()
	slices.SortFunc(told, func(a, b change) int { return strings.Compare(a.String(), b.String()) })
	var words []string
	for _, c := range told {
		words = append(words, c.String())
	}
	slices.Sort(want)
	if !slices.Equal(words, want) {
		d.t.Fatalf("told %q, not %q", words, want)
	}
	return told
}

// run has a shell do something in the workspace, to its end.
func (d *desk) run(script string) {
	d.t.Helper()
	frames, end := shell(d.t, script, keepAll(frameOut), keepAll(frameErr))
	if end.status.ExitStatus() != 0 {
		d.t.Fatalf("%s: %v: %s", script, end.status, textOf(frames, "OX"))
	}
}

func (d *desk) disk(name string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(workspace, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// sameAsDisk fails unless it believes what is on the disk.
func (d *desk) sameAsDisk() {
	d.t.Helper()
	d.lock.Lock()
	defer d.lock.Unlock()
	var there []string
	err := filepath.WalkDir(workspace, func(name string, entry os.DirEntry, err error) error {
		name = strings.TrimPrefix(strings.TrimPrefix(name, workspace), "/")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(ignoredFolders, entry.Name()):
			return filepath.SkipDir
		case name == "":
		case entry.IsDir():
			there = append(there, name+"/")
		default:
			there = append(there, name)
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	var believed []string
	for name := range d.files {
		believed = append(believed, name)
	}
	for name := range d.folders {
		believed = append(believed, name+"/")
	}
	slices.Sort(there)
	slices.Sort(believed)
	if !slices.Equal(there, believed) {
		d.t.Fatalf("on the disk %q, believed %q", there, believed)
	}
}
