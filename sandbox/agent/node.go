package main

import (
	"hash/maphash"
	"strings"
	"syscall"
	"time"
)

// A node is in two trees: as things are on the disk, and as the server will believe them to be when it has dealt with
// everything that was sent.
type tree int

const (
	real tree = iota
	told
	trees
)

// entry is a name in a folder. A folder that is moved takes the places in it along.
type entry struct {
	parent *node
	name   string
}

// path is relative to the workspace.
func (p entry) path(t tree) string {
	if above := p.parent.path(t); above != "" {
		return above + "/" + p.name
	}
	return p.name
}

// node is a file or a folder that the room has or is to have. The one at the top is the workspace itself.
type node struct {
	folder bool
	top    bool
	at     [trees]entry
	below  [trees]map[string]*node
	ino    uint64

	// Of folders. 0 where it is not watched.
	watch int32
	// It is not told of before: it may be gone again.
	freshUntil time.Time
	// The telling is at it.
	settling bool

	// Of files. What is on the disk has this revision.
	revision int64
	// What it may come from: a revision whose text the server has, or 0.
	base int64
	// The last revision that the server was told of, or made.
	toldRevision int64
	// The last revision whose text the server has; 0 for none.
	known int64
	// A program has opened it, and not closed it since.
	open bool
	// When a program has last read it, and which known revision that was. A zero time says that none has since it changed.
	readAt       time.Time
	readRevision int64
	// The hash of the text, where it was read.
	summed bool
	sum    uint64
	stat   fileStat
}

// fileStat is what changes with a file, as far as the kernel's clock goes.
type fileStat struct {
	ino          uint64
	size         int64
	mtime, ctime syscall.Timespec
	// By the clock of the machine, as the others are.
	lookedAt time.Time
}

// The kernel's clock may stand still for so long.
const clockTick = 20 * time.Millisecond

func statOf(s syscall.Stat_t) fileStat {
	return fileStat{ino: s.Ino, size: s.Size, mtime: s.Mtim, ctime: s.Ctim, lookedAt: time.Now()}
}

// movedOnly tells whether nothing but the name is another.
func (s fileStat) movedOnly(other fileStat) bool {
	return s.ino == other.ino && s.size == other.size && s.mtime == other.mtime
}

func (s fileStat) same(other fileStat) bool {
	return s.movedOnly(other) && s.ctime == other.ctime
}

// sure tells whether a change since it was looked at would show in it.
func (s fileStat) sure() bool {
	return s.lookedAt.Sub(time.Unix(s.ctime.Unix())) > clockTick
}

var sumSeed = maphash.MakeSeed()

func sumOf(text []byte) uint64 { return maphash.Bytes(sumSeed, text) }

func (n *node) in(t tree) bool { return n.top || n.at[t].parent != nil }

func (n *node) path(t tree) string {
	if n.top {
		return ""
	}
	return n.at[t].path(t)
}

// inStep tells whether the server believes it to be where it is.
func (n *node) inStep() bool {
	for ; !n.top; n = n.at[real].parent {
		if n.at[real] != n.at[told] || n.at[real].parent == nil {
			return false
		}
	}
	return true
}

// isElsewhere tells whether the server believes it, or a folder that it lies in, to be at another place.
func (n *node) isElsewhere() bool {
	for ; !n.top; n = n.at[real].parent {
		if n.in(told) && n.at[real] != n.at[told] {
			return true
		}
	}
	return false
}

// put places it in a tree, with all below. There must be nothing.
func (n *node) put(t tree, p entry) {
	n.takeOut(t)
	if p.parent.below[t] == nil {
		p.parent.below[t] = map[string]*node{}
	}
	p.parent.below[t][p.name] = n
	n.at[t] = p
}

func (n *node) takeOut(t tree) {
	if above := n.at[t].parent; above != nil {
		delete(above.below[t], n.at[t].name)
		n.at[t] = entry{}
	}
}

// find returns what is at a path, or nil.
func (n *node) find(t tree, name string) *node {
	if name == "" {
		return n
	}
	for segment := range strings.SplitSeq(name, "/") {
		if n = n.below[t][segment]; n == nil {
			return nil
		}
	}
	return n
}

// isBelow tells whether it lies in another, or is it.
func (n *node) isBelow(t tree, other *node) bool {
	for ; n != nil; n = n.at[t].parent {
		if n == other {
			return true
		}
	}
	return false
}

// changed gives it a new revision. `at` is when.
func (n *node) changed(revision int64, at time.Time) {
	switch {
	case n.revision != n.known:
		// It comes from a revision whose text the server does not have, and so from where that came from.
	case !n.readAt.IsZero() && !at.Before(n.readAt) && at.Sub(n.readAt) <= readCounts:
		n.base = n.readRevision
	default:
		n.base = n.known
	}
	n.revision = revision
	n.readAt = time.Time{}
	n.summed = false
}

// read takes note that a program reads it.
func (n *node) read(at time.Time) {
	if n.revision == n.known {
		n.readAt, n.readRevision = at, n.known
	}
}

// have takes note that the server has what is on the disk, which has that hash.
func (n *node) have(sum uint64) {
	n.known, n.toldRevision = n.revision, n.revision
	n.sum, n.summed = sum, true
}

// holds tells whether what was read is what it held when it was looked at last.
func (n *node) holds(text []byte, s fileStat) bool {
	if n.summed {
		return sumOf(text) == n.sum
	}
	return n.stat.movedOnly(s)
}
