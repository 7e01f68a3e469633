package main

import "time"

// tell sends the next batch of changes, if there are any and the server has seen the last one.
func (f *files) tell() {
	if f.telling {
		return
	}
	g := gathering{files: f, now: f.now()}
	g.gather()
	if len(g.changes) == 0 {
		return
	}
	f.batch++
	f.telling = true
	f.send(filesChanged{Type: "files.changed", Batch: f.batch, Changes: g.changes})
}

// gathering puts changes together by which what the server believes becomes what is on the disk. After each of them the
// server's tree is as the server will have it. Files and folders come to their places first, then contents are told, so
// that what is told of a path is of the file that is there at the end.
type gathering struct {
	files   *files
	now     time.Time
	changes []any
	// Something that is on the disk was told as gone, so as to break a circle. It is new now.
	broken bool
}

func (g *gathering) gather() {
	for again := true; again && !g.full(); again = g.broken {
		g.broken = false
		for n := range g.files.untold {
			g.settle(n)
		}
	}
	for n := range g.files.untold {
		if g.full() {
			return
		}
		if !n.folder && n.in(real) {
			g.content(n)
		}
		if n.at[real] == n.at[told] && (n.folder || n.revision == n.toldRevision || !n.in(real)) {
			delete(g.files.untold, n)
		}
	}
}

func (g *gathering) full() bool { return len(g.changes) == filesChanges }

func (g *gathering) add(change any) { g.changes = append(g.changes, change) }

// settle has the server believe it to be where it is, but for a file that is new. What is in the way is settled first.
func (g *gathering) settle(n *node) {
	if n.settling || n.at[real] == n.at[told] || g.full() {
		return
	}
	n.settling = true
	defer func() { n.settling = false }()
	switch {
	case !n.in(real):
		g.gone(n)
	case n.in(told):
		g.moved(n)
	case n.folder && g.now.Before(n.freshUntil):
		g.files.lookBy(n.freshUntil)
	case n.folder:
		g.arrived(n)
	}
}

func (g *gathering) gone(n *node) {
	if above := n.at[told].parent; !above.in(real) {
		g.settle(above)
		// It has gone with that one, unless that is under way: then it goes in a moment.
		return
	}
	g.moveOut(n)
	g.drop(n)
}

// moveOut settles what is in a folder as the server believes, and is elsewhere on the disk.
func (g *gathering) moveOut(n *node) {
	for _, child := range n.below[told] {
		if child.in(real) {
			g.settle(child)
		} else {
			g.moveOut(child)
		}
	}
}

func (g *gathering) moved(n *node) {
	p := n.at[real]
	if !g.stands(p.parent) || p.parent.isBelow(told, n) || !g.makeRoom(p) {
		g.drop(n)
	}
	if g.full() {
		return
	}
	if !n.in(told) {
		// It went with something that was in a circle with it.
		return
	}
	g.add(moveChange{Kind: "moved", From: n.path(told), To: p.path(told)})
	n.put(told, p)
}

func (g *gathering) arrived(n *node) {
	p := n.at[real]
	if g.stands(p.parent) && g.makeRoom(p) && !g.full() {
		g.add(placeChange{Kind: "folder", Path: p.path(told)})
		n.put(told, p)
	}
}

// content tells of a file that is new, or holds something else.
func (g *gathering) content(n *node) {
	p := n.at[real]
	if !n.in(told) && (!g.stands(p.parent) || !g.makeRoom(p)) || n.revision == n.toldRevision || g.full() {
		return
	}
	n.put(told, p)
	g.add(fileChange{Kind: "file", Path: p.path(told), Revision: n.revision, Base: n.base, Size: n.stat.size})
	n.toldRevision = n.revision
}

// stands tells whether the server believes a folder to be where it is, and sees to it where that can be done.
func (g *gathering) stands(n *node) bool {
	n.freshUntil = time.Time{}
	g.settle(n)
	return n.at[real] == n.at[told]
}

// makeRoom has the server believe that nothing is at a place. In a circle it cannot: whoever is in it gives way then.
func (g *gathering) makeRoom(p entry) bool {
	if n := p.parent.below[told][p.name]; n != nil {
		g.settle(n)
	}
	return p.parent.below[told][p.name] == nil
}

// drop tells that something is gone.
func (g *gathering) drop(n *node) {
	if g.full() || !n.in(told) {
		return
	}
	g.add(placeChange{Kind: "gone", Path: n.path(told)})
	g.forget(n)
}

// forget takes what is not told of any more out of what the server believes. What is on the disk of it is new.
func (g *gathering) forget(n *node) {
	for _, child := range n.below[told] {
		g.forget(child)
	}
	n.takeOut(told)
	n.base, n.known, n.toldRevision, n.readAt = 0, 0, 0, time.Time{}
	if n.in(real) {
		g.files.untold[n] = struct{}{}
		g.broken = true
	}
}
