package main

import (
	"os"
	"testing"
)

func TestAFormatterWritesWhatItMadeOfWhatItRead(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "one\n")
	d.run("cat a > /tmp/read")
	second := d.write("a", first, 0, "two\n")
	d.run("sed s/one/ONE/ < /tmp/read > a")
	if told := d.only("a file")[0]; told.Base != first {
		t.Errorf("%+v, read was %d, written %d", told, first, second)
	}
	read := d.ask(filesCommand{Type: "files.read", Path: "a"})
	if read.Base != first || read.Text != "ONE\n" {
		t.Errorf("%+v", read)
	}
	// What it has read is written. Another that has not read writes over what is there.
	d.run("echo other > a")
	if told := d.only("a file")[0]; told.Base != read.Revision {
		t.Errorf("%+v", told)
	}
}

func TestWhoeverReadsAChangeDidNotMakeIt(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.f.carryOut(filesCommand{Type: "files.write", N: 1, Path: "a", Text: "one"})
	n := d.f.root.find(real, "a")
	first, p := n.revision, n.at[real]
	d.disk("a")
	d.f.carryOut(filesCommand{Type: "files.write", N: 2, Path: "a", Over: first, Text: "two "})
	d.run("echo ONE > a")
	d.f.drain(nil)
	m := d.f.marks[p]
	delete(d.f.marks, p)
	d.disk("a")
	d.f.look(p, m, m.due)
	if n.base != first || n.revision == n.known {
		t.Errorf("%d comes from %d, not from %d", n.revision, n.base, first)
	}
}

func TestTheServersReadingIsNoProgramsReading(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "one\n")
	d.ask(filesCommand{Type: "files.read", Path: "a"})
	second := d.write("a", first, 0, "two\n")
	d.run("echo other > a")
	if told := d.only("a file")[0]; told.Base != second {
		t.Errorf("%+v, not from %d", told, second)
	}
}

func TestChangesThatTheServerHasNoTextOfComeFromWhatItHas(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "one\n")
	d.run("echo two > a")
	second := d.only("a file")[0]
	d.run("echo three > a")
	third := d.only("a file")[0]
	if second.Base != first || third.Base != first || third.Revision <= second.Revision {
		t.Errorf("%+v %+v", second, third)
	}
}

func TestWhatProgramsDoToAFileIsOneChange(t *testing.T) {
	for what, script := range map[string]string{
		"sed -i":                 "sed -i s/one/two/ a",
		"write":                  "echo two > a",
		"append":                 "{ echo two; echo three; } >> a",
		"rename over it":         "echo two > /w/.new~; mv .new~ a",
		"unlink and make anew":   "rm a; echo two > a",
		"move away and rewrite":  "mv a a~; echo two > a; rm a~",
		"vim":                    "vim -es -c 's/one/two/' -c wq a",
		"vim without its backup": "vim -es -c 'set nowritebackup' -c 's/one/two/' -c wq a",
		"vim by renaming":        "vim -es -c 'set backup backupcopy=no backupdir=.' -c 's/one/two/' -c wq a; rm -f a~",
		"python":                 "python3 -c \"open('a','w').write('two')\"",
		"black":                  "black -q a",
	} {
		t.Run(what, func(t *testing.T) {
			d := newDesk(t)
			first := d.write("a", 0, 0, "one  =  1\n")
			d.run(script)
			if told := d.only("a file")[0]; told.Base != first {
				t.Errorf("%+v", told)
			}
			d.sameAsDisk()
		})
	}
}

func TestWhatChangesNothingIsNotToldOf(t *testing.T) {
	d := newDesk(t)
	d.write("a", 0, 0, "one\n")
	d.write("folder/b", 0, 0, "one\n")
	d.run("touch a; cat a; chmod 600 a; ls -R > /dev/null; cp a /tmp/a; cp /tmp/a a; echo one > a")
	// In one process, so that nothing is looked at halfway.
	d.run(`python3 -c "
import os
os.rename('a', 'c'); os.rename('c', 'a')
open('came', 'w').write('x'); os.remove('came')
os.mkdir('went'); os.rmdir('went')
"`)
	d.only()
	d.sameAsDisk()
}

func TestMovesAreToldAsMoves(t *testing.T) {
	d := newDesk(t)
	revision := d.write("a", 0, 0, "one\n")
	d.write("folder/in/b", 0, 0, "one\n")
	d.write("folder/c", 0, 0, "one\n")
	d.run("mv a z")
	d.only("a moved to z")
	d.run("mv folder lib")
	d.only("folder moved to lib")
	d.run("mkdir new; mv z new/y; mv lib new/lib")
	d.only("new folder", "z moved to new/y", "lib moved to new/lib")
	d.run("mv new/lib/in/b b; rm -r new/lib; mv new/y y; echo more >> y")
	d.only("new/lib/in/b moved to b", "new/lib gone", "new/y moved to y", "y file")
	d.run("echo other > d")
	d.only("d file")
	d.run("mv d b")
	told := d.only("b file", "d gone")
	if told[0].Revision <= revision {
		t.Errorf("%+v", told)
	}
	d.sameAsDisk()
}

func TestKindsThatChangeAreGoneAndNew(t *testing.T) {
	d := newDesk(t)
	d.write("a", 0, 0, "one\n")
	d.write("b/c", 0, 0, "one\n")
	d.run("rm -r a b; mkdir a; echo two > b; echo in > a/in")
	d.only("a gone", "b gone", "a folder", "b file", "a/in file")
	d.run("rm b; mkfifo b")
	d.only("b gone")
}

func TestGitMovesTheFilesToAnotherBranchAndBack(t *testing.T) {
	d := newDesk(t)
	d.run(`git init -q; git config user.email a@b; git config user.name a
		for n in $(seq 60); do mkdir -p d$((n % 7)); echo $n > d$((n % 7))/f$n; done; echo main > same
		git add -A; git commit -qm one
		git checkout -qb other; for n in $(seq 30); do echo other >> d$((n % 7))/f$n; done
		git rm -q d5/f33; mkdir new; echo new > new/file; git add -A; git commit -qm two`)
	d.settled()
	d.sameAsDisk()
	d.run("git checkout -q main")
	gone := 0
	for _, c := range d.settled() {
		if c.Kind == "moved" || c.Kind == "gone" && c.Path != "new" {
			t.Error(c)
		}
		if c.Kind == "gone" {
			gone++
		}
	}
	if gone != 1 {
		t.Error(gone, "were gone")
	}
	d.sameAsDisk()
	d.run("echo local >> d1/f1; git stash -q")
	for _, c := range d.settled() {
		if c.String() != "d1/f1 file" {
			t.Error(c)
		}
	}
	d.run("git stash pop -q")
	d.only("d1/f1 file")
	d.run("git stash -q; git checkout -q other; git clean -qfd")
	d.settled()
	d.sameAsDisk()
}

func TestWhatIsAbsentIsWaitedFor(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.f.carryOut(filesCommand{Type: "files.write", N: 1, Path: "a", Text: "one"})
	n := d.f.root.find(real, "a")
	p := n.at[real]
	d.run("rm a")
	d.f.drain(nil)
	m := d.f.marks[p]
	if again := d.f.look(p, m, m.due); !again.Equal(m.due.Add(settledGone)) || !n.in(real) {
		t.Error("it is gone at once")
	}
	gone := *m
	if again := d.f.look(p, m, m.due.Add(settledGone-1)); again.IsZero() || !n.in(real) {
		t.Error("it is gone too soon")
	}
	d.run("echo two > a")
	if again := d.f.look(p, m, m.due.Add(settledGone)); !again.IsZero() || d.f.root.find(real, "a") != n || n.revision == n.known {
		t.Error("it is not what it was")
	}
	d.run("rm a")
	if again := d.f.look(p, &gone, m.due.Add(settledGone)); !again.IsZero() || n.in(real) {
		t.Error("it is not gone")
	}
}

func TestAFileThatIsBeingWrittenIsWaitedFor(t *testing.T) {
	place(t, startFile{Path: "a", Text: "one"})
	d := unstarted(t)
	defer d.stop()
	d.f.turn()
	p := entry{d.f.root, "a"}
	file, err := os.OpenFile(workspace+"/a", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"t", "w", "o"} {
		_, _ = file.WriteString(piece)
		d.f.drain(nil)
		if m := d.f.marks[p]; !m.due.Equal(m.first.Add(settledAnyway)) {
			t.Error("it is looked at while it is written")
		}
	}
	file.Close()
	d.f.drain(nil)
	if m := d.f.marks[p]; !m.due.Equal(m.last.Add(settledFile)) && !m.due.Equal(m.first.Add(settledNew)) {
		t.Error("it is not looked at when it is written")
	}
}

func TestAFileThatStaysOpenIsToldOfNowAndThen(t *testing.T) {
	d := newDesk(t)
	d.write("a", 0, 0, "one\n")
	file, err := os.OpenFile(workspace+"/a", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for told := range 2 {
		if _, err := file.WriteString("more\n"); err != nil {
			t.Fatal(err)
		}
		d.notice()
		d.clock.add(settledAnyway - 1)
		d.notice()
		if len(d.changes) > told {
			t.Error("it is told of too soon")
		}
		d.clock.add(1)
		d.until("a change", func() bool { return len(d.changes) > told })
	}
}
