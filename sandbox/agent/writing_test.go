package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWhatTheServerWritesIsOnTheDiskAndNotToldOf(t *testing.T) {
	d := newDesk(t)
	first := d.write("src/main.py", 0, 0, "print(1)\n")
	second := d.ask(filesCommand{Type: "files.write", Path: "src/main.py", Over: first, At: 6, Remove: 1, Text: "é2"})
	if second.Revision <= first || d.disk("src/main.py") != "print(é2)\n" {
		t.Errorf("%+v %q", second, d.disk("src/main.py"))
	}
	d.ask(filesCommand{Type: "files.folder", Path: "a/b/c"})
	d.ask(filesCommand{Type: "files.move", From: "src", To: "a/b/lib"})
	if d.disk("a/b/lib/main.py") != "print(é2)\n" {
		t.Error("it did not move")
	}
	third := d.write("a/b/lib/main.py", second.Revision, 5, "write")
	d.ask(filesCommand{Type: "files.remove", Path: "a/b/lib/main.py", Over: third})
	d.ask(filesCommand{Type: "files.removeFolder", Path: "a/b/lib"})
	d.only()
	d.sameAsDisk()
}

func TestAFileKeepsItsModeAndOthersGetTheUsualOne(t *testing.T) {
	d := newDesk(t)
	revision := d.write("run.sh", 0, 0, "#!/bin/sh\n")
	d.run("test $(stat -c %a run.sh) = 644; chmod 750 run.sh")
	d.write("run.sh", revision, 0, "#")
	d.run("test $(stat -c %a run.sh) = 750")
}

func TestALinkThatTookTheFilesPlaceIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "ours\n")
	d.run("echo theirs > b; ln -sf b a")
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: revision, Text: "x"}, refusedStale)
	d.refused(filesCommand{Type: "files.remove", Path: "a", Over: revision}, refusedStale)
	if told := d.settled(); len(told) != 2 {
		t.Errorf("%v", told)
	}
	d.refused(filesCommand{Type: "files.write", Path: "a", Text: "x"}, refusedBlocked)
	d.run("test $(readlink a) = b; test $(cat b) = theirs")
}

func TestCommandsThatDoNotFitAreRefused(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "text")
	d.ask(filesCommand{Type: "files.folder", Path: "folder/in"})
	d.run("mkfifo pipe; ln -s /tmp link")
	write := func(name string, over, at, remove int64) filesCommand {
		return filesCommand{Type: "files.write", Path: name, Over: over, At: at, Remove: remove, Text: "x"}
	}
	for _, refused := range []struct {
		command filesCommand
		reason  refusalReason
	}{
		{write("a", 0, 0, 0), refusedStale},
		{write("a", revision+1, 0, 0), refusedStale},
		{write("b", revision, 0, 0), refusedStale},
		{write("folder", 0, 0, 0), refusedBlocked},
		{write("pipe", 0, 0, 0), refusedBlocked},
		{write("link", 0, 0, 0), refusedBlocked},
		{write("link/escaped", 0, 0, 0), refusedBlocked},
		{write("a/b", 0, 0, 0), refusedBlocked},
		{write("a", revision, 5, 0), refusedFailed},
		{write("a", revision, 3, 2), refusedFailed},
		{write("a", revision, -1, 0), refusedFailed},
		{write("new", 0, 0, 1), refusedFailed},
		{write("../escaped", 0, 0, 0), refusedFailed},
		{write("/tmp/escaped", 0, 0, 0), refusedFailed},
		{write("./a", revision, 0, 0), refusedFailed},
		{write("x\x00y", 0, 0, 0), refusedFailed},
		{write(strings.Repeat("x", 300), 0, 0, 0), refusedFailed},
		{filesCommand{Type: "files.remove", Path: "a", Over: revision + 1}, refusedStale},
		{filesCommand{Type: "files.remove", Path: "b", Over: revision}, refusedStale},
		{filesCommand{Type: "files.folder", Path: "a"}, refusedBlocked},
		{filesCommand{Type: "files.folder", Path: "link"}, refusedBlocked},
		{filesCommand{Type: "files.removeFolder", Path: "folder"}, refusedBlocked},
		{filesCommand{Type: "files.removeFolder", Path: "a"}, refusedBlocked},
		{filesCommand{Type: "files.move", From: "b", To: "c"}, refusedStale},
		{filesCommand{Type: "files.move", From: "a", To: "folder"}, refusedBlocked},
		{filesCommand{Type: "files.move", From: "folder", To: "folder/in/folder"}, refusedBlocked},
		{filesCommand{Type: "files.read", Path: "b"}, refusedMissing},
		{filesCommand{Type: "files.read", Path: "folder"}, refusedMissing},
		{filesCommand{Type: "files.read", Path: "pipe"}, refusedMissing},
		{filesCommand{Type: "files.read", Path: "link"}, refusedMissing},
	} {
		d.refused(refused.command, refused.reason)
	}
	if a := d.ask(filesCommand{Type: "files.removeFolder", Path: "none"}); a.Type != "files.done" {
		t.Errorf("a folder that is not there: %+v", a)
	}
	if _, err := os.Stat("/tmp/escaped"); err == nil {
		t.Error("a file was written outside")
	}
	if d.disk("a") != "text" {
		t.Errorf("%q", d.disk("a"))
	}
}

func TestWhatAProgramWroteIsNotOverwritten(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "ours\n")
	d.run("echo theirs > a")
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: first, Text: "x"}, refusedStale)
	d.run("echo more >> a")
	d.refused(filesCommand{Type: "files.remove", Path: "a", Over: first}, refusedStale)
	changes := d.settled()
	told := changes[len(changes)-1]
	if told.Base != first || told.Size != int64(len("theirs\nmore\n")) {
		t.Errorf("%+v", told)
	}
	read := d.ask(filesCommand{Type: "files.read", Path: "a"})
	if read.Text != "theirs\nmore\n" || read.Revision != told.Revision || read.Base != first {
		t.Errorf("%+v", read)
	}
	d.write("a", read.Revision, 6, "both")
	if d.disk("a") != "both\nmore\n" {
		t.Errorf("%q", d.disk("a"))
	}
	d.only()
}

func TestAReadTellsOfTheChangeItself(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "one\n")
	d.run("echo two > a")
	read := d.ask(filesCommand{Type: "files.read", Path: "a"})
	if read.Text != "two\n" || read.Base != first || read.Revision <= first {
		t.Errorf("%+v", read)
	}
	d.only()
}

func TestWhatIsInTheWayIsReadThoughNobodyWasToldOfIt(t *testing.T) {
	d := newDesk(t)
	d.write("ours", 0, 0, "ours")
	d.run("echo log > a~; echo new > a")
	d.refused(filesCommand{Type: "files.move", From: "ours", To: "a~"}, refusedBlocked)
	for name, text := range map[string]string{"a~": "log\n", "a": "new\n"} {
		a := d.ask(filesCommand{Type: "files.read", Path: name})
		if a.Text != text || a.Base != 0 {
			t.Errorf("%s: %+v", name, a)
		}
		d.write(name, a.Revision, 0, "more ")
	}
	d.only()
	d.sameAsDisk()
}

// What the server asks of before it is told is not told under two names.
func TestWhatTheServerBelievesElsewhereIsToldFirst(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	revision := d.write("old/a", 0, 0, "a")
	d.write("b", 0, 0, "b")
	d.run("mv old new; mv b z")
	d.lookNow()
	d.run("echo c > new/c; echo other > b")
	d.lookNow()
	for _, name := range []string{"new/c", "new/a", "old/a", "b", "z"} {
		d.refused(filesCommand{Type: "files.read", Path: name}, refusedMissing)
	}
	for _, name := range []string{"new/a", "old/a"} {
		d.refused(filesCommand{Type: "files.write", Path: name, Over: revision, Text: "x"}, refusedStale)
	}
	d.refused(filesCommand{Type: "files.write", Path: "new/d", Text: "x"}, refusedStale)
	d.refused(filesCommand{Type: "files.move", From: "new", To: "old2"}, refusedStale)
	d.f.tell()
	d.until("the changes", func() bool { return len(d.changes) == 4 })
	d.sameAsDisk()
}

func TestAMoveToWhereSomethingWasLeavesNothingOfIt(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.write("a", 0, 0, "a")
	d.run("echo b > b")
	d.lookNow()
	d.run("rm b")
	for _, move := range []filesCommand{{From: "a", To: "b"}, {From: "b", To: "c"}} {
		move.Type = "files.move"
		if a := d.ask(move); a.Type != "files.done" {
			t.Errorf("%+v", a)
		}
	}
	d.still()
	d.sameAsDisk()
}

func TestWhatIsNoTextIsToldByItsHash(t *testing.T) {
	d := newDesk(t)
	d.run(`printf 'a\000b' > nul; printf 'a\377b' > bytes; truncate -s 52428801 large; printf '' > empty`)
	d.only("nul file", "bytes file", "large file", "empty file")
	for name, content := range map[string]string{"nul": "a\x00b", "bytes": "a\xffb"} {
		sum := sha256.Sum256([]byte(content))
		a := d.ask(filesCommand{Type: "files.read", Path: name})
		if a.Type != "files.binary" || a.Bytes != 3 || a.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %+v", name, a)
		}
		fetched := d.ask(filesCommand{Type: "files.fetch", Path: name, Over: a.Revision, At: 1, Length: 2})
		if fetched.Type != "files.bytes" || string(fetched.Data) != content[1:] {
			t.Errorf("%s: %+v", name, fetched)
		}
		d.refused(filesCommand{Type: "files.fetch", Path: name, Over: a.Revision + 7, At: 0, Length: 2}, refusedStale)
		for _, length := range []int64{-1, filesPartBytes + 1} {
			d.refused(filesCommand{Type: "files.fetch", Path: name, Over: a.Revision, Length: length}, refusedFailed)
		}
	}
	d.refused(filesCommand{Type: "files.read", Path: "large"}, refusedLarge)
	if a := d.ask(filesCommand{Type: "files.read", Path: "empty"}); a.Type != "files.text" || a.Text != "" {
		t.Errorf("%+v", a)
	}
	for _, name := range []string{"nul", "large"} {
		d.lock.Lock()
		revision := d.files[name]
		d.lock.Unlock()
		if a := d.ask(filesCommand{Type: "files.remove", Path: name, Over: revision}); a.Type != "files.done" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	d.only()
	a := d.ask(filesCommand{Type: "files.read", Path: "bytes"})
	d.refused(filesCommand{Type: "files.fetch", Path: "bytes", Over: a.Revision, At: 2, Length: 2}, refusedStale)
	d.only("bytes file")
}

func TestAFileThatIsWrittenAnewIsReadWhenItIsWhole(t *testing.T) {
	d := newDesk(t)
	old, anew := strings.Repeat("old\n", 50), strings.Repeat("new\n", 49)
	made := d.ask(filesCommand{Type: "files.write", Path: "a", Text: old})
	file, err := os.OpenFile(workspace+"/a", os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		t.Fatal(err)
	}
	// It is told of neither as empty nor as a part.
	for _, part := range []string{"", anew[:40]} {
		if _, err := file.WriteString(part); err != nil {
			t.Fatal(err)
		}
		d.notice()
		d.clock.add(settledAnyway + settledFile)
		d.notice()
	}
	d.lock.Lock()
	if len(d.changes) > 0 {
		t.Errorf("told %v", d.changes)
	}
	d.lock.Unlock()
	// Nor is a part what is read, if the program is done in a moment.
	go func() {
		time.Sleep(20 * time.Millisecond)
		_, _ = file.WriteString(anew[40:])
		file.Close()
	}()
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: made.Revision, Text: "x"}, refusedStale)
	if a := d.ask(filesCommand{Type: "files.read", Path: "a"}); a.Text != anew {
		t.Errorf("%q", a.Text)
	}
}

func TestAFileThatStaysOpenIsToldOfAsItIs(t *testing.T) {
	d := newDesk(t)
	d.ask(filesCommand{Type: "files.write", Path: "a", Text: "all of it"})
	file, err := os.OpenFile(workspace+"/a", os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d.still()
	d.only("a file")
}

func TestATextIsReadUpToWhatARoomMayHave(t *testing.T) {
	d := newDesk(t)
	for _, most := range []string{
		strings.Repeat("\x01", fileUnits), strings.Repeat("é", fileUnits), strings.Repeat("€", fileUnits), strings.Repeat("😀", fileUnits/2),
	} {
		for name, text := range map[string]string{"most": most, "more": most + "x"} {
			if err := os.WriteFile(workspace+"/"+name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		d.still()
		if a := d.ask(filesCommand{Type: "files.read", Path: "most"}); a.Type != "files.text" || a.Text != most {
			t.Errorf("%.10q: %s %s, %d bytes", most, a.Type, a.Reason, len(a.Text))
		}
		if a := d.ask(filesCommand{Type: "files.read", Path: "more"}); a.Type != "files.binary" || a.Bytes != int64(len(most))+1 {
			t.Errorf("%.10q: %s %s", most, a.Type, a.Reason)
		}
	}
}

func TestWhatComesInPartsIsWrittenAtOnce(t *testing.T) {
	d := newDesk(t)
	first, second := bytes.Repeat([]byte{0, 1}, 700_000), []byte{0xff}
	stage := func(hash string, at int, data []byte) answer {
		return d.ask(filesCommand{Type: "files.stage", Hash: hash, At: int64(at), Data: data})
	}
	if a := stage("one", 0, first); a.Type != "files.done" {
		t.Errorf("%+v", a)
	}
	d.refused(filesCommand{Type: "files.stage", Hash: "one", At: 7, Data: second}, refusedFailed)
	d.refused(filesCommand{Type: "files.stage", Hash: "two", At: 7, Data: second}, refusedFailed)
	if a := stage("one", len(first), second); a.Type != "files.done" {
		t.Errorf("%+v", a)
	}
	made := d.ask(filesCommand{Type: "files.write", Path: "pictures/one.png", Staged: "one"})
	if made.Type != "files.done" {
		t.Fatalf("%+v", made)
	}
	d.refused(filesCommand{Type: "files.write", Path: "again", Staged: "one"}, refusedFailed)
	content, err := os.ReadFile(workspace + "/pictures/one.png")
	if err != nil || !bytes.Equal(content, append(first, second...)) {
		t.Errorf("%d bytes: %v", len(content), err)
	}
	d.run("chmod 750 pictures/one.png")
	stage("two", 0, []byte{0, 2})
	over := d.ask(filesCommand{Type: "files.write", Path: "pictures/one.png", Over: made.Revision, Remove: int64(len(content)), Staged: "two"})
	if over.Type != "files.done" {
		t.Errorf("%+v", over)
	}
	content, err = os.ReadFile(workspace + "/pictures/one.png")
	if err != nil || string(content) != "\x00\x02" {
		t.Errorf("%q: %v", content, err)
	}
	if s, err := os.Stat(workspace + "/pictures/one.png"); err != nil || s.Mode().Perm() != 0o750 {
		t.Errorf("%v: %v", s.Mode(), err)
	}
	d.only()
}

func TestWhatWasStagedForARefusedWriteIsGone(t *testing.T) {
	d := newDesk(t)
	d.ask(filesCommand{Type: "files.stage", Hash: "one", Data: []byte{0}})
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: 99, Staged: "one"}, refusedStale)
	if len(d.f.staged) != 0 {
		t.Error("it is kept for nobody")
	}
}

func TestALinkThatIsSwappedInLeadsNoWriteOut(t *testing.T) {
	d := newDesk(t)
	if err := os.MkdirAll("/tmp/outside", 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll("/tmp/outside")
	if err := os.WriteFile("/tmp/outside/victim", []byte("untouched"), 0o644); err != nil {
		t.Fatal(err)
	}
	revision := d.write("d/victim", 0, 0, "ours")
	program, err := startProcess(allOfThem, workspace, "/usr/bin/python3", []string{"python3", "-c", `
import os
os.symlink('/tmp/outside', 'link')
while True:
    for name in ('d', 'd/victim'):
        target = 'link' if name == 'd' else 'flink'
        if not os.path.lexists(target): os.symlink('/tmp/outside/victim', target)
        try:
            os.rename(name, 'away'); os.rename(target, name); os.rename(name, target); os.rename('away', name)
        except OSError: pass
`}, environment(workspace, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer program.output.close()
	done := 0
	for n := range 600 {
		a := d.ask(filesCommand{Type: "files.write", Path: "d/victim", Over: revision, Text: "x"})
		if a.Type == "files.done" {
			revision = a.Revision
			done++
		}
		d.ask(filesCommand{Type: "files.write", Path: fmt.Sprintf("d/new%d", n), Text: "x"})
		d.ask(filesCommand{Type: "files.read", Path: "d/victim"})
		d.ask(filesCommand{Type: "files.folder", Path: fmt.Sprintf("d/f%d", n)})
		d.ask(filesCommand{Type: "files.remove", Path: "d/victim", Over: -1})
	}
	allOfThem.killAll()
	entries, _ := os.ReadDir("/tmp/outside")
	text, _ := os.ReadFile("/tmp/outside/victim")
	if len(entries) != 1 || string(text) != "untouched" {
		t.Errorf("outside: %v, %q", entries, text)
	}
	if done == 0 {
		t.Error("nothing could be written")
	}
}

func TestAFullDiskIsToldAndHarmsNothing(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "kept")
	d.run("head -c 100M /dev/zero > fill 2>/dev/null || true")
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: revision, Text: strings.Repeat("x", 100_000)}, refusedFull)
	d.refused(filesCommand{Type: "files.write", Path: "b", Text: strings.Repeat("x", 100_000)}, refusedFull)
	if d.disk("a") != "kept" {
		t.Errorf("%q", d.disk("a"))
	}
	d.run("rm fill; test -z \"$(ls -A | grep codesync)\"")
	d.write("a", revision, 4, "again")
}

func TestWantOfDescriptorsIsRefusedAndPasses(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "one\n")
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 3, Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: revision, Text: "x"}, refusedFailed)
	d.refused(filesCommand{Type: "files.write", Path: "b", Text: "x"}, refusedFailed)
	d.refused(filesCommand{Type: "files.read", Path: "a"}, refusedFailed)
	now := d.f.now()
	if again := d.f.look(entry{d.f.root, "made"}, &mark{first: now, last: now}, now); !again.After(now) {
		t.Error("what cannot be looked at is not looked at again")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	d.write("a", revision, 0, "x")
}

// A program does something after the sync has looked, and before it writes.
func TestWhatAProgramDoesAtTheLastInstantIsKept(t *testing.T) {
	for what, test := range map[string]struct{ script, check string }{
		"writes":            {"echo theirs > a", "test $(cat a) = theirs"},
		"replaces":          {"echo theirs > b; mv b a", "test $(cat a) = theirs"},
		"removes":           {"rm a", "test ! -e a"},
		"puts a link":       {"rm a; ln -s /tmp/none a", "test -L a"},
		"puts a pipe":       {"rm a; mkfifo a", "test -p a"},
		"puts a folder":     {"rm a; mkdir a; echo x > a/b", "test -f a/b"},
		"removes all of it": {"rm -r ../w/*", "test ! -e a"},
	} {
		t.Run(what, func(t *testing.T) {
			for _, act := range []func(f *files, n *node) error{
				func(f *files, n *node) error {
					made, err := f.make(filesCommand{}, []byte("ours"), 0o644)
					if err != nil {
						return err
					}
					defer syscall.Close(made.descriptor)
					return f.replace(n, made, sumOf([]byte("one")))
				},
				func(f *files, n *node) error {
					return f.remove(filesCommand{Type: "files.remove", Path: "a", Over: n.revision})
				},
			} {
				place(t)
				d := unstarted(t)
				d.f.carryOut(filesCommand{Type: "files.write", N: 1, Path: "a", Text: "one"})
				d.run(test.script)
				if err := act(d.f, d.f.root.find(real, "a")); !errors.Is(err, stale) {
					t.Error(err)
				}
				d.run(test.check + "; test -z \"$(ls -A | grep codesync)\"")
				d.stop()
			}
		})
	}
}

// What a program read before a write is told apart from what it read after it.
func TestWhoHasAFileOpenHasReadWhatIsReplaced(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.f.carryOut(filesCommand{Type: "files.write", N: 1, Path: "a", Text: "one"})
	n := d.f.root.find(real, "a")
	first := n.revision
	file, err := os.Open(workspace + "/a")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d.f.carryOut(filesCommand{Type: "files.write", N: 2, Path: "a", Over: first, Remove: 3, Text: "two"})
	if n.revision == first || n.readAt.IsZero() || n.readRevision != first {
		t.Errorf("of %d, %d was read, not %d", n.revision, n.readRevision, first)
	}
	// Our own reading is none of a program's.
	n.readAt = time.Time{}
	d.f.carryOut(filesCommand{Type: "files.write", N: 3, Path: "a", Over: n.revision, Remove: 3, Text: "three"})
	d.f.drain(nil)
	if !n.readAt.IsZero() {
		t.Errorf("%d was read by nobody", n.readRevision)
	}
}

func TestAWriteIsTheOnlyTraceOfItself(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.f.carryOut(filesCommand{Type: "files.write", N: 1, Path: "a", Text: "one"})
	n := d.f.root.find(real, "a")
	first := n.revision
	d.disk("a")
	made, err := d.f.make(filesCommand{}, []byte("two"), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(made.descriptor)
	if err := d.f.replace(n, made, sumOf([]byte("one"))); err != nil {
		t.Fatal(err)
	}
	if n.readAt.IsZero() || n.readRevision != first {
		t.Errorf("%d was read, not %d", n.readRevision, first)
	}
	d.f.drain(nil)
	if len(d.f.marks) > 0 {
		t.Errorf("%d places are to be looked at", len(d.f.marks))
	}
	d.disk("a")
	d.f.drain(nil)
	if n.readRevision != n.revision || n.revision == first {
		t.Errorf("%d was read, not %d", n.readRevision, n.revision)
	}
}

func TestWhatWasRefusedAsStaleIsToldOfThoughItIsAsBefore(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "one\n")
	d.run("echo two > a")
	d.refused(filesCommand{Type: "files.write", Path: "a", Over: revision, Text: "x"}, refusedStale)
	d.run("echo one > a")
	if told := d.settled(); len(told) == 0 || told[len(told)-1].Base != revision {
		t.Errorf("%+v", told)
	}
}

func TestAKernelThatCannotIsRefused(t *testing.T) {
	var sent bytes.Buffer
	none := noFiles{frames: &frameWriter{to: &sent}, reason: syscall.ENOSYS}
	if err := none.take([]byte(`{"type":"files.read","n":7,"path":"a"}`)); err != nil {
		t.Fatal(err)
	}
	var refused filesRefused
	strictly(t, framesIn(t, &sent)[0].payload, &refused)
	if refused.N != 7 || refused.Reason != refusedFailed {
		t.Errorf("%+v", refused)
	}
}
