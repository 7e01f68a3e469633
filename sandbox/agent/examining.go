package main

import (
	"strings"
	"syscall"
	"time"
)

// How long things have to settle before they are looked at: a program does many things to a file in a row.
const (
	settledFile = 10 * time.Millisecond
	settledNew  = 50 * time.Millisecond
	// git unlinks a file and makes it anew, and editors move it away first.
	settledGone = 100 * time.Millisecond
	// What goes on for longer is looked at meanwhile.
	settledAnyway = 300 * time.Millisecond
	// A file that is written anew is shorter until it is whole.
	settledAnew = time.Second
	// Who reads it waits so long for that.
	rewriteWait = 200 * time.Millisecond
	// What cannot be looked at now is looked at after this.
	lookLater = 100 * time.Millisecond
	lookEvery = time.Millisecond
	// A program that has read a file so long ago does not write what it has made of it.
	readCounts = 3 * time.Second
)

// mark says that something may be another than is known.
type mark struct {
	first, last time.Time
	// When something happened first that can have changed it. A zero time says that nothing did.
	changed time.Time
	// The contents of the file that is there were written to.
	written bool
	// By somebody who has it open yet.
	writing bool
	// It came from another name.
	arrived bool
	folder  bool
	// Since when it has not been there.
	gone time.Time
	due  time.Time
}

// stir takes note of an event.
func (f *files) stir(p entry, mask uint32, now time.Time) {
	if p.parent.below[real][p.name] == nil && !f.isWanted(p, mask&syscall.IN_ISDIR != 0) {
		return
	}
	m := f.markAt(p, now)
	m.last = now
	if m.changed.IsZero() {
		m.changed = now
	}
	switch {
	case mask&syscall.IN_MODIFY != 0:
		m.written, m.writing = true, true
	case mask&syscall.IN_CLOSE_WRITE != 0:
		m.written, m.writing = true, false
		if n := p.parent.below[real][p.name]; n != nil {
			n.open = false
		}
	default:
		m.writing = false
		m.arrived = mask&syscall.IN_MOVED_TO != 0
		m.folder = mask&syscall.IN_ISDIR != 0
	}
	f.schedule(m, f.settledAt(p, m))
}

// suspect has a known place be looked at, without an event.
func (f *files) suspect(p entry, now time.Time) {
	f.schedule(f.markAt(p, now), now)
}

// suspectNew has something be looked at that nothing is known of.
func (f *files) suspectNew(p entry, folder bool, now time.Time) {
	m := f.markAt(p, now)
	m.folder = folder
	f.schedule(m, f.settledAt(p, m))
}

// suspectWritten has a file be told of again, whatever it holds: the server was told that it holds something else.
func (f *files) suspectWritten(p entry) {
	now := f.now()
	if n := p.parent.below[real][p.name]; n != nil {
		n.summed = false
	}
	m := f.markAt(p, now)
	m.written = true
	if m.changed.IsZero() {
		m.changed = now
	}
	f.schedule(m, f.settledAt(p, m))
}

func (f *files) markAt(p entry, now time.Time) *mark {
	m := f.marks[p]
	if m == nil {
		m = &mark{first: now, last: now}
		f.marks[p] = m
	}
	return m
}

func (f *files) settledAt(p entry, m *mark) time.Time {
	at := m.last.Add(settledFile)
	switch {
	case m.folder:
		// It is to be watched before something is done in it.
		return m.last
	case m.writing:
		return m.first.Add(settledAnyway)
	case p.parent.below[real][p.name] == nil && !m.arrived:
		at = later(at, m.first.Add(settledNew))
	}
	if anyway := m.first.Add(settledAnyway); at.After(anyway) {
		return anyway
	}
	return at
}

func (f *files) schedule(m *mark, due time.Time) {
	m.due = due
	f.lookBy(due)
}

func (f *files) lookBy(at time.Time) {
	if f.lookAt.IsZero() || at.Before(f.lookAt) {
		f.lookAt = at
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// lookAround looks at all places whose time has come. It stops where the server says something.
func (f *files) lookAround() {
	now := f.now()
	if f.lookAt.IsZero() || now.Before(f.lookAt) {
		return
	}
	var arrivals, known []entry
	f.lookAt = time.Time{}
	for p, m := range f.marks {
		switch {
		case now.Before(m.due):
			f.lookBy(m.due)
		case p.parent.below[real][p.name] == nil:
			arrivals = append(arrivals, p)
		default:
			known = append(known, p)
		}
	}
	// What has moved is found where it is before it is missed where it was.
	for _, p := range append(arrivals, known...) {
		m := f.marks[p]
		if m == nil {
			continue
		}
		// Taken out first: what happens while it is looked at makes a mark of its own.
		delete(f.marks, p)
		if again := f.look(p, m, now); !again.IsZero() {
			f.lookAgain(p, m, again)
		}
		if !f.queue.empty() {
			f.lookBy(now)
			return
		}
	}
}

// lookAgain has a mark stand for longer. What happened while it was looked at goes into it.
func (f *files) lookAgain(p entry, m *mark, due time.Time) {
	if meanwhile := f.marks[p]; meanwhile != nil {
		m.last, m.written, m.writing = meanwhile.last, m.written || meanwhile.written, meanwhile.writing
		m.folder, m.arrived = meanwhile.folder, meanwhile.arrived
	}
	f.marks[p] = m
	f.schedule(m, due)
}

// look compares a place with what is known of it. It returns when to look again; a zero time is never.
func (f *files) look(p entry, m *mark, now time.Time) time.Time {
	if !p.parent.in(real) {
		return time.Time{}
	}
	if p.parent.top && p.name == ignoreFile {
		defer f.readIgnoring()
	}
	s, err := f.disk.stat(p.path(real))
	if isWant(err) {
		return now.Add(lookLater)
	}
	if err != nil && !isAbsent(err) {
		// It is in a folder that nobody may enter.
		return time.Time{}
	}
	there := err == nil
	n := p.parent.below[real][p.name]
	if n != nil {
		if there && (n.folder && isFolder(s) || !n.folder && isFile(s)) && canBeTold(p.path(real)) {
			if n.folder {
				if isWant(f.lookAtFolder(n, s)) {
					return now.Add(lookLater)
				}
				return time.Time{}
			}
			return f.lookAtFile(n, s, m, now)
		}
		if m.gone.IsZero() {
			m.gone = now
		}
		if until := m.gone.Add(settledGone); n.in(told) && now.Before(until) {
			return until
		}
		f.die(n)
	}
	if !there || !isFile(s) && !isFolder(s) || !f.isWanted(p, isFolder(s)) {
		return time.Time{}
	}
	if n := f.movedFrom(s); n != nil {
		return f.moved(n, p, s, m, now)
	}
	if isFolder(s) {
		if _, err := f.adoptFolder(p, s, now.Add(settledNew)); isWant(err) {
			return now.Add(lookLater)
		}
		return time.Time{}
	}
	if settled := m.first.Add(settledNew); now.Before(settled) {
		return settled
	}
	f.adoptFile(p, s)
	return time.Time{}
}

// lookAtFolder has the folder that is there now be the one that is known. An error says that it is not watched. If it is
// absent by now, an event is to come that says so.
func (f *files) lookAtFolder(n *node, s syscall.Stat_t) error {
	if n.ino == s.Ino {
		return nil
	}
	err := f.watch(n)
	if isWant(err) || isAbsent(err) {
		return err
	}
	if err != nil {
		f.unwatch(n)
		f.setIno(n, s.Ino)
	}
	f.lookThrough(n)
	return err
}

func (f *files) lookAtFile(n *node, s syscall.Stat_t, m *mark, now time.Time) time.Time {
	stat := statOf(s)
	if !m.written && stat.same(n.stat) && (n.stat.sure() || !n.summed) {
		return time.Time{}
	}
	if m.rewrites(n, s) && now.Before(m.first.Add(settledAnew)) {
		return now.Add(lookLater)
	}
	at := m.changed
	if at.IsZero() {
		at = now
	}
	var text []byte
	if n.summed && s.Size <= filesReadBytes {
		// Whoever reads it meanwhile reads what is there now.
		readAt, readRevision := n.readAt, n.readRevision
		var err error
		text, s, err = f.readOwn(n.at[real])
		n.readAt, n.readRevision = readAt, readRevision
		switch {
		case isWant(err), isAbsent(err):
			return now.Add(lookLater)
		case err == nil && n.holds(text, stat):
			f.setStat(n, s)
			return time.Time{}
		}
	}
	n.changed(f.nextRevision(), at)
	if text != nil {
		n.sum, n.summed = sumOf(text), true
	}
	f.setStat(n, s)
	f.untold[n] = struct{}{}
	return time.Time{}
}

// rewrites tells whether a program has made the file shorter and has it open: it is about to write the rest anew. Whoever
// reads it in between takes the rest for deleted.
func (m *mark) rewrites(n *node, s syscall.Stat_t) bool {
	return m.writing && s.Size < n.stat.size
}

// awaitRewritten gives a program that writes a file anew a moment to be done.
func (f *files) awaitRewritten(n *node) {
	p := n.at[real]
	for until := time.Now().Add(rewriteWait); time.Now().Before(until); time.Sleep(lookEvery) {
		f.drain(nil)
		m := f.marks[p]
		s, err := f.disk.stat(p.path(real))
		if m == nil || err != nil || !m.rewrites(n, s) {
			return
		}
	}
}

func (f *files) setStat(n *node, s syscall.Stat_t) {
	f.setIno(n, s.Ino)
	n.stat = statOf(s)
}

// setIno has a node be of an inode. Another that was of it has to be looked at anew, whatever is at its place.
func (f *files) setIno(n *node, ino uint64) {
	if before := f.byIno[ino]; before != nil && before != n {
		before.ino = 0
	}
	if f.byIno[n.ino] == n {
		delete(f.byIno, n.ino)
	}
	n.ino = ino
	f.byIno[ino] = n
}

// movedFrom returns what is known under another name that it does not have any more.
func (f *files) movedFrom(s syscall.Stat_t) *node {
	n := f.byIno[s.Ino]
	if n == nil || n.folder != isFolder(s) {
		return nil
	}
	there, err := f.disk.stat(n.path(real))
	if err == nil && there.Ino == s.Ino || err != nil && !isAbsent(err) {
		return nil
	}
	// What has taken its place is that file now, with other contents.
	if err == nil && (isFile(there) || isFolder(there)) {
		return nil
	}
	return n
}

func (f *files) moved(n *node, p entry, s syscall.Stat_t, m *mark, now time.Time) time.Time {
	n.put(real, p)
	f.untold[n] = struct{}{}
	if n.folder {
		f.lookThrough(n)
		return time.Time{}
	}
	if stat := statOf(s); stat.movedOnly(n.stat) {
		n.stat.ctime = stat.ctime
	}
	return f.lookAtFile(n, s, m, now)
}

// adoptFolder makes a folder known, and looks at what is in it. An error says that it cannot be watched; it is left alone.
func (f *files) adoptFolder(p entry, s syscall.Stat_t, freshUntil time.Time) (*node, error) {
	n := &node{folder: true, freshUntil: freshUntil}
	n.put(real, p)
	// Nothing in a deeper one could be told of.
	if strings.Count(p.path(real), "/") < filesPathSegments-1 {
		// Ahead of the looking, so that nothing is missed.
		if err := f.watch(n); err != nil {
			n.takeOut(real)
			return nil, err
		}
	} else {
		f.setIno(n, s.Ino)
	}
	f.untold[n] = struct{}{}
	f.lookThrough(n)
	return n, nil
}

func (f *files) adoptFile(p entry, s syscall.Stat_t) *node {
	n := &node{}
	n.put(real, p)
	n.changed(f.nextRevision(), f.now())
	f.setStat(n, s)
	f.untold[n] = struct{}{}
	return n
}

// die takes what is not there any more out of what is known, with all below.
func (f *files) die(n *node) {
	for _, child := range n.below[real] {
		f.die(child)
	}
	n.takeOut(real)
	f.unwatch(n)
	if f.byIno[n.ino] == n {
		delete(f.byIno, n.ino)
	}
	n.ino = 0
	f.untold[n] = struct{}{}
}
