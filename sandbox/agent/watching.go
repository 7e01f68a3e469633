package main

import (
	"errors"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"
)

// More folders than a person keeps in a project; those beyond are left alone.
const watchedFolders = 4096

var errTooManyFolders = errors.New("as many folders are watched as may be")

// own is what the sync itself has just done at a place: its traces are not what programs do.
type own struct {
	at    entry
	reads bool
	// How often something came to the name, or went from it.
	moves int
	// Called when the first of them is met: what comes before it was before.
	moved func()
}

// drain takes note of all that has happened. What it says of files is looked at later.
func (f *files) drain(mine *own) {
	now := f.now()
	f.events.take(func(e inotifyEvent) {
		if e.mask&syscall.IN_Q_OVERFLOW != 0 {
			f.lookThrough(f.root)
			return
		}
		folder := f.watched[e.watch]
		if folder == nil {
			return
		}
		if e.mask&syscall.IN_IGNORED != 0 {
			f.forgetWatch(folder)
			return
		}
		if e.name == "" || e.mask&syscall.IN_UNMOUNT != 0 {
			return
		}
		p := entry{folder, e.name}
		if e.mask&(syscall.IN_OPEN|syscall.IN_ACCESS|syscall.IN_CLOSE_NOWRITE) != 0 {
			if mine == nil || !mine.reads || mine.at != p {
				f.wasRead(p, e.mask, now)
			}
			return
		}
		const moves = syscall.IN_CREATE | syscall.IN_DELETE | syscall.IN_MOVED_FROM | syscall.IN_MOVED_TO
		if mine != nil && mine.at == p && mine.moves > 0 && e.mask&moves != 0 {
			mine.moves--
			if mine.moved != nil {
				mine.moved()
				mine.moved = nil
			}
			return
		}
		f.stir(p, e.mask, now)
	})
}

// wasRead takes note of a program that opens or reads a file, but for one that was changed meanwhile: which revision that
// was nobody knows.
func (f *files) wasRead(p entry, mask uint32, now time.Time) {
	n := p.parent.below[real][p.name]
	if n == nil || n.folder {
		return
	}
	n.open = mask&syscall.IN_CLOSE_NOWRITE == 0
	if mask&syscall.IN_OPEN == 0 && (f.marks[p] == nil || f.marks[p].changed.IsZero()) {
		n.read(now)
	}
}

// watch has what happens in the folder that is at a node's place be told from now on. The node is of that one then.
func (f *files) watch(n *node) error {
	if len(f.watched) >= watchedFolders {
		return errTooManyFolders
	}
	folder, err := f.disk.folder(n.path(real))
	if err != nil {
		return err
	}
	defer syscall.Close(folder)
	var s syscall.Stat_t
	if err := syscall.Fstat(folder, &s); err != nil {
		return err
	}
	watch, err := f.events.watch(folder)
	if err != nil {
		return err
	}
	if n.watch != watch {
		f.unwatch(n)
	}
	// A folder that was moved to where another was known has the watch of the one that was moved.
	if before := f.watched[watch]; before != nil {
		before.watch = 0
	}
	n.watch = watch
	f.watched[watch] = n
	f.setIno(n, s.Ino)
	return nil
}

func (f *files) unwatch(n *node) {
	if n.watch != 0 {
		f.events.unwatch(n.watch)
		f.forgetWatch(n)
	}
}

func (f *files) forgetWatch(n *node) {
	delete(f.watched, n.watch)
	n.watch = 0
}

// lookThrough marks all in a folder, what is known of it too.
func (f *files) lookThrough(n *node) {
	now := f.now()
	for _, child := range n.below[real] {
		f.suspect(child.at[real], now)
		if child.folder {
			f.lookThrough(child)
		}
	}
	// A folder that cannot be read, or is gone, has nothing else that could be told of.
	listing, _ := f.disk.list(n.path(real))
	for _, listed := range listing {
		p := entry{n, listed.Name()}
		if n.below[real][p.name] == nil && f.isWanted(p, listed.IsDir()) {
			f.suspectNew(p, listed.IsDir(), now)
		}
	}
}

// isWanted tells whether something that is not known is to be.
func (f *files) isWanted(p entry, folder bool) bool {
	name := p.path(real)
	return canBeTold(name) && !f.ignoring.ignores(name, folder)
}

func canBeTold(name string) bool {
	return len(name) <= filesPathBytes && strings.Count(name, "/") < filesPathSegments && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, unicode.IsControl)
}

// readIgnoring heeds the ignore file as it is now.
func (f *files) readIgnoring() {
	// One that cannot be read says nothing.
	text, _, _ := f.readOwn(entry{f.root, ignoreFile})
	if read := parseIgnoring(string(text)); !read.equal(f.ignoring) {
		f.ignoring = read
		f.lookThrough(f.root)
	}
}

// readAside reads a file by another name, which is there for an instant: whatever program reads it at the same time is
// noticed. The name changes what the kernel tells of the file, so this is for one that is about to be replaced.
func (f *files) readAside(p entry) ([]byte, syscall.Stat_t, error) {
	aside, err := f.disk.underWay(func(name string) error {
		return f.disk.inFolder(p.path(real), func(folder int, last string) error {
			return linkAt(folder, last, f.disk.root, name)
		})
	})
	if err == syscall.EPERM {
		// The kernel gives no second name to some files, such as those with the set-user-id bit.
		return f.readOwn(p)
	}
	if err != nil {
		return nil, syscall.Stat_t{}, err
	}
	defer unlink(f.disk.root, aside, 0)
	return f.disk.contents(aside, filesReadBytes)
}

// readOwn reads a file without its being taken for a program's reading.
func (f *files) readOwn(p entry) ([]byte, syscall.Stat_t, error) {
	f.drain(nil)
	text, s, err := f.disk.contents(p.path(real), filesReadBytes)
	f.drain(&own{at: p, reads: true})
	return text, s, err
}
