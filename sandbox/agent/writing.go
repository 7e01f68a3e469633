package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// The mode of a file that the server makes, and of a folder.
const (
	newFileMode   = 0o644
	newFolderMode = 0o755
	modeBits      = 0o777
)

// carryOut does what the server says, and answers.
func (f *files) carryOut(c filesCommand) {
	// So that what has happened is known.
	f.drain(nil)
	for _, name := range []string{c.Path, c.From, c.To} {
		if name == "." || name != "" && !fs.ValidPath(name) {
			f.refuse(c.N, refusal{refusedFailed, "a path that leads nowhere"})
			return
		}
	}
	var revision int64
	var err error
	switch c.Type {
	case "files.seen":
		f.telling = f.telling && c.Batch != f.batch
		return
	case "files.read":
		f.answerRead(c)
		return
	case "files.fetch":
		f.answerFetch(c)
		return
	case "files.stage":
		err = f.stage(c)
	case "files.write":
		revision, err = f.write(c)
	case "files.remove":
		err = f.remove(c)
	case "files.folder":
		err = f.makeFolder(c)
	case "files.removeFolder":
		err = f.removeFolder(c)
	case "files.move":
		err = f.move(c)
	default:
		fail("a command of the files of the type " + c.Type)
	}
	if err != nil {
		f.refuse(c.N, err)
		return
	}
	f.send(filesDone{Type: "files.done", N: c.N, Revision: revision})
	if slices.Contains([]string{c.Path, c.From, c.To}, ignoreFile) {
		f.readIgnoring()
	}
}

func (f *files) refuse(n int64, err error) {
	refused := refusal{refusedFailed, err.Error()}
	if !errors.As(err, &refused) && (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)) {
		refused.reason = refusedFull
	}
	f.send(filesRefused{Type: "files.refused", N: n, Reason: refused.reason, Detail: refused.detail})
}

var stale = refusal{refusedStale, "the disk has something else"}

func blocked(by string) error { return refusal{refusedBlocked, by + " is in the way"} }

// known returns the file that a command is about, where it is what the command says.
func (f *files) known(name string, over int64) (*node, error) {
	n := f.root.find(real, name)
	if n == nil || n.folder || n.revision != over || !n.inStep() {
		return nil, stale
	}
	return n, nil
}

func (f *files) write(c filesCommand) (int64, error) {
	if c.Staged != "" {
		defer f.unstage(c.Staged)
	}
	if c.Over == 0 {
		return f.create(c)
	}
	n, err := f.known(c.Path, c.Over)
	if err != nil {
		return 0, err
	}
	old, s, err := f.readAside(n.at[real])
	if isAbsent(err) || err == errLarge || err == nil && !n.holds(old, statOf(s)) {
		f.suspectWritten(n.at[real])
		return 0, stale
	}
	if err != nil {
		return 0, err
	}
	if c.At < 0 || c.Remove < 0 || c.At > int64(len(old)) || c.Remove > int64(len(old))-c.At {
		return 0, refusal{refusedFailed, "bytes that the file does not have"}
	}
	made, err := f.make(c, slices.Concat(old[:c.At], []byte(c.Text), old[c.At+c.Remove:]), s.Mode&modeBits)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(made.descriptor)
	if err := f.replace(n, made, sumOf(old)); err != nil {
		return 0, err
	}
	return n.revision, nil
}

// made is a file without a name, and the hash of what is in it.
type made struct {
	descriptor int
	sum        uint64
}

// make makes what a command writes: the text, or what was staged.
func (f *files) make(c filesCommand, text []byte, mode uint32) (made, error) {
	if c.Staged != "" {
		return f.stagedFile(c.Staged, mode)
	}
	descriptor, err := f.disk.temporary(text, mode)
	return made{descriptor, sumOf(text)}, err
}

// replace puts another file in the place of one, at once. What comes out must have the hash that is expected: a program
// may have written meanwhile. Then all is as it was.
func (f *files) replace(n *node, made made, expected uint64) error {
	p := n.at[real]
	aside, err := f.disk.underWay(func(name string) error { return link(made.descriptor, f.disk.root, name) })
	if err != nil {
		return err
	}
	defer unlink(f.disk.root, aside, 0)
	err = f.disk.inFolder(p.path(real), func(folder int, name string) error {
		if err := rename(f.disk.root, aside, folder, name, renameExchange); err != nil {
			return err
		}
		if f.asideHas(aside, expected) {
			return nil
		}
		return f.takeBack(aside, folder, name, made.sum)
	})
	if isAbsent(err) {
		err = stale
	}
	if err != nil {
		f.suspectWritten(p)
		return err
	}
	over := n.revision
	revision := f.nextRevision()
	f.drain(&own{at: p, moves: 2, moved: func() {
		if n.open {
			// Whoever has it open reads what was there, under a name that nobody is told of.
			n.read(f.now())
			n.open = false
		}
		n.known, n.revision = revision, revision
	}})
	n.revision, n.base = revision, over
	n.have(made.sum)
	return f.lookedAt(n, made.descriptor)
}

// takeBack undoes an exchange that took out what was not expected.
func (f *files) takeBack(aside string, folder int, name string, written uint64) error {
	err := rename(f.disk.root, aside, folder, name, renameExchange)
	switch {
	case err == syscall.ENOENT:
		// A program has removed what was written. It may have seen what it replaced, or not.
		err = rename(f.disk.root, aside, folder, name, renameNoReplace)
	case err == nil && !f.asideHas(aside, written):
		// A program has written over what was written: that is the last that was.
		err = rename(f.disk.root, aside, folder, name, renameExchange)
	}
	if err != nil {
		return err
	}
	return stale
}

func (f *files) asideHas(aside string, sum uint64) bool {
	text, _, err := f.disk.contents(aside, filesReadBytes)
	return err == nil && sumOf(text) == sum
}

// lookedAt takes the file that was made as what is at its place.
func (f *files) lookedAt(n *node, made int) error {
	var s syscall.Stat_t
	if err := syscall.Fstat(made, &s); err != nil {
		return err
	}
	f.setStat(n, s)
	return nil
}

func (f *files) create(c filesCommand) (int64, error) {
	if c.At != 0 || c.Remove != 0 {
		return 0, refusal{refusedFailed, "bytes that the file does not have"}
	}
	if n := f.root.find(real, c.Path); n != nil && n.folder {
		return 0, blocked("a folder")
	} else if n != nil {
		return 0, stale
	}
	parent, err := f.folders(path.Dir(c.Path))
	if err != nil {
		return 0, err
	}
	p := entry{parent, path.Base(c.Path)}
	if parent.below[told][p.name] != nil {
		return 0, stale
	}
	made, err := f.make(c, []byte(c.Text), newFileMode)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(made.descriptor)
	err = f.disk.inFolder(c.Path, func(folder int, name string) error {
		return link(made.descriptor, folder, name)
	})
	if err == syscall.EEXIST {
		return 0, f.inTheWay(p)
	}
	if err != nil {
		return 0, err
	}
	f.drain(&own{at: p, moves: 1})
	n := &node{}
	n.put(real, p)
	f.agreed(n)
	n.revision = f.nextRevision()
	n.have(made.sum)
	return n.revision, f.lookedAt(n, made.descriptor)
}

// agreed has the server believe in what it has made, and in the folders on the way.
func (f *files) agreed(n *node) {
	for ; !n.top && !n.in(told); n = n.at[real].parent {
		n.put(told, n.at[real])
	}
}

// forget takes what the server does not believe in any more out of what it was told.
func (f *files) forget(n *node) {
	g := gathering{files: f}
	g.forget(n)
}

// adopted makes a file known that is on the disk. It returns nil where there is none in a folder that is known.
func (f *files) adopted(name string) *node {
	parent := f.root
	if above := path.Dir(name); above != "." {
		parent = f.root.find(real, above)
	}
	s, err := f.disk.stat(name)
	if parent == nil || !parent.folder || err != nil || !isFile(s) {
		return nil
	}
	return f.adoptFile(entry{parent, path.Base(name)}, s)
}

// inTheWay says why nothing can be made at a place. A file is told of then, be it ignored: the room is to have one there.
func (f *files) inTheWay(p entry) error {
	s, err := f.disk.stat(p.path(real))
	if err == nil && !isFile(s) {
		return blocked("something else")
	}
	if err == nil && p.parent.below[real][p.name] == nil {
		f.adoptFile(p, s)
	}
	return stale
}

// folders makes a folder, and those that it lies in. They are told of unless the server agrees on them.
func (f *files) folders(name string) (*node, error) {
	n := f.root
	if name == "." {
		return n, nil
	}
	for segment := range strings.SplitSeq(name, "/") {
		next, err := f.folderIn(n, segment)
		if err != nil {
			return nil, err
		}
		n = next
	}
	return n, nil
}

func (f *files) folderIn(parent *node, name string) (*node, error) {
	p := entry{parent, name}
	err := f.disk.inFolder(p.path(real), func(folder int, name string) error {
		return syscall.Mkdirat(folder, name, newFolderMode)
	})
	if err != nil && err != syscall.EEXIST {
		return nil, err
	}
	s, err := f.disk.stat(p.path(real))
	if err != nil {
		return nil, err
	}
	if !isFolder(s) {
		return nil, blocked("something else")
	}
	n, before := parent.below[real][name], parent.below[told][name]
	switch {
	case n == nil && before != nil && before.folder && !before.in(real):
		// The one that was removed is there again. What was in it is told of as gone.
		n = before
	case n == nil && before == nil:
		if n, err = f.adoptFolder(p, s, time.Time{}); err != nil {
			// It cannot be watched, but the room has it.
			n = &node{folder: true}
		}
	case n == nil || !n.folder || before != nil && before != n || before == nil && n.in(told):
		f.suspect(p, f.now())
		return nil, stale
	}
	if !n.in(real) {
		n.put(real, p)
		f.untold[n] = struct{}{}
	}
	if f.lookAtFolder(n, s) != nil {
		f.suspect(p, f.now())
	}
	return n, nil
}

func (f *files) makeFolder(c filesCommand) error {
	n, err := f.folders(c.Path)
	if err == nil {
		f.agreed(n)
	}
	return err
}

func (f *files) remove(c filesCommand) error {
	n, err := f.known(c.Path, c.Over)
	if err != nil {
		return err
	}
	p := n.at[real]
	err = f.disk.inFolder(c.Path, func(folder int, name string) error {
		aside, err := f.disk.underWay(func(aside string) error {
			return rename(folder, name, f.disk.root, aside, renameNoReplace)
		})
		if err != nil {
			return err
		}
		text, s, err := f.disk.contents(aside, filesReadBytes)
		if err == nil && n.holds(text, statOf(s)) || err == errLarge && n.stat.movedOnly(statOf(s)) {
			return unlink(f.disk.root, aside, 0)
		}
		// Something else was there. If there is something new by now, that is the last that was.
		err = rename(f.disk.root, aside, folder, name, renameNoReplace)
		if err == syscall.EEXIST {
			err = unlink(f.disk.root, aside, 0)
		}
		return errors.Join(stale, err)
	})
	if isAbsent(err) {
		err = stale
	}
	if err != nil {
		f.suspectWritten(p)
		return err
	}
	f.drain(&own{at: p, moves: 1})
	f.forget(n)
	f.die(n)
	return nil
}

func (f *files) removeFolder(c filesCommand) error {
	if n := f.root.find(told, c.Path); n != nil && len(n.below[told]) > 0 {
		// If that is gone, it is told first.
		return blocked("what is in the folder")
	}
	err := f.disk.inFolder(c.Path, func(folder int, name string) error { return unlink(folder, name, atRemoveDir) })
	switch {
	case err == syscall.ENOTEMPTY:
		return blocked("what is in the folder")
	case err == syscall.ENOTDIR:
		return blocked("a file")
	case err != nil && err != syscall.ENOENT:
		return err
	}
	if n := f.root.find(told, c.Path); n != nil && n.folder {
		f.forget(n)
	}
	if n := f.root.find(real, c.Path); n != nil && n.folder {
		f.die(n)
	}
	return nil
}

func (f *files) move(c filesCommand) error {
	s, err := f.disk.stat(c.From)
	if isAbsent(err) {
		return stale
	}
	if err != nil {
		return err
	}
	n := f.root.find(real, c.From)
	if f.root.find(told, c.From) != n || n != nil && !n.inStep() {
		return stale
	}
	if strings.HasPrefix(c.To, c.From+"/") {
		return blocked("the folder itself")
	}
	parent, err := f.folders(path.Dir(c.To))
	if err != nil {
		return err
	}
	if parent.below[told][path.Base(c.To)] != nil {
		if _, err := f.disk.stat(c.To); err == nil {
			return blocked("something else")
		}
		return stale
	}
	err = f.disk.inFolder(c.From, func(fromFolder int, from string) error {
		return f.disk.inFolder(c.To, func(toFolder int, to string) error {
			return rename(fromFolder, from, toFolder, to, renameNoReplace)
		})
	})
	if err == syscall.EEXIST {
		return blocked("something else")
	}
	if err != nil {
		return err
	}
	f.agreed(parent)
	if n == nil {
		// What comes to a place is looked at there.
		return nil
	}
	if before := parent.below[real][path.Base(c.To)]; before != nil {
		// It was removed, and nobody has looked since.
		f.die(before)
	}
	n.put(real, entry{parent, path.Base(c.To)})
	n.put(told, n.at[real])
	if n.folder {
		f.lookThrough(n)
	} else if s, err = f.disk.stat(c.To); err == nil && statOf(s).movedOnly(n.stat) {
		n.stat.ctime = s.Ctim
	}
	return nil
}

// answerRead says what is in a file now. That is not told of again.
func (f *files) answerRead(c filesCommand) {
	n, text, err := f.read(c.Path)
	if err != nil {
		f.refuse(c.N, err)
		return
	}
	if isText(text) {
		f.send(filesText{Type: "files.text", N: c.N, Revision: n.revision, Base: n.base, Text: string(text)})
		return
	}
	sum := sha256.Sum256(text)
	f.send(filesBinary{
		Type: "files.binary", N: c.N, Revision: n.revision, Base: n.base,
		Bytes: int64(len(text)), Hash: hex.EncodeToString(sum[:]),
	})
}

// isText tells whether a room can have it as a text.
func isText(content []byte) bool {
	return bytes.IndexByte(content, 0) < 0 && utf8.Valid(content) && utf16Units(content) <= fileUnits
}

func (f *files) read(name string) (*node, []byte, error) {
	missing := refusal{refusedMissing, "there is no such file"}
	n := f.root.find(real, name)
	if n == nil {
		// The server asks of what is in its way, too.
		n = f.adopted(name)
	}
	if before := f.root.find(told, name); n == nil || n.folder || before != nil && before != n || n.isElsewhere() {
		// Where the server believes another to be, that is told first.
		return nil, nil, missing
	}
	f.awaitRewritten(n)
	p := n.at[real]
	text, s, err := f.readOwn(p)
	switch {
	case isAbsent(err):
		f.suspect(p, f.now())
		return nil, nil, missing
	case err == errLarge:
		return nil, nil, refusal{refusedLarge, "it has too many bytes"}
	case err != nil:
		return nil, nil, err
	}
	if !n.holds(text, statOf(s)) {
		at := f.now()
		if m := f.marks[p]; m != nil && !m.changed.IsZero() {
			at = m.changed
		}
		n.changed(f.nextRevision(), at)
	}
	f.setStat(n, s)
	n.have(sumOf(text))
	f.agreed(n)
	return n, text, nil
}

// utf16Units is the length of a text in UTF-16, whose bytes are UTF-8.
func utf16Units(text []byte) int {
	units := 0
	for _, b := range text {
		if utf8.RuneStart(b) {
			units++
		}
		// The first of four bytes, of a character that is a pair of surrogates.
		if b >= 0xf0 {
			units++
		}
	}
	return units
}
