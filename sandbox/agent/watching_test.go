package main

import (
	"testing"
)

func TestMoreEventsThanTheKernelHoldsLoseNothing(t *testing.T) {
	place(t)
	d := unstarted(t)
	d.run("mkdir a; echo x > a/b")
	d.f.turn()
	d.run("for n in $(seq 100); do echo 1 > a/b; done; for k in 1 2; do seq 9000 | xargs touch; seq 9000 | xargs rm; done; seq 1000 | xargs touch; echo more > a/b; mkdir -p c/d; echo x > c/d/e")
	d.start()
	d.settled()
	d.sameAsDisk()
	if a := d.ask(filesCommand{Type: "files.read", Path: "a/b"}); a.Text != "more\n" {
		t.Errorf("%+v", a)
	}
}

// The agent looks while another folder is in its place.
func TestAFolderThatIsBackInItsPlaceIsWatched(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.write("a/x", 0, 0, "x")
	d.run("mv a b; mkdir a")
	d.f.drain(nil)
	p := entry{d.f.root, "b"}
	m := d.f.marks[p]
	delete(d.f.marks, p)
	d.f.look(p, m, m.due)
	d.run("rmdir a; mv b a")
	d.lookNow()
	d.run("echo y > a/y")
	d.still()
	d.sameAsDisk()
}

func TestWhatIsNoFileIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	d.run(`mkfifo pipe; ln -s . loop; ln -s /etc etc; ln -s a b; ln -s b a
		python3 -c "import socket; s = socket.socket(socket.AF_UNIX); s.bind('sock')"
		mkdir in; ln -s .. in/up; printf x > "$(printf 'new\nline')"; printf x > "$(printf 'bytes\377')"; mkdir "$(printf 'tab\t')"; echo x > "$(printf 'tab\t/x')"
		echo fine > "in/fine é 'name'"`)
	d.only("in folder", "in/fine é 'name' file")
	d.run("test \"$(cat pipe & echo x > pipe; wait)\" = x")
	d.run("rm -r in; ln -s /etc in")
	d.only("in gone")
}

func TestFiveThousandNestedFoldersAreBoundedWork(t *testing.T) {
	d := newDesk(t)
	d.run(`python3 -c "
import os
for n in range(5000):
    os.mkdir('d'); os.chdir('d')
open('deep', 'w').write('x')
"`)
	if told := d.settled(); len(told) != filesPathSegments {
		t.Error(len(told))
	}
	if len(d.f.watched) > filesPathSegments {
		t.Error(len(d.f.watched), "are watched")
	}
	d.run("mv d/d/d/d top; rm -rf d")
	d.only("d/d/d/d moved to top", "d gone", "top/d/d/d/d/d/d/d/d/d folder", "top/d/d/d/d/d/d/d/d/d/d folder", "top/d/d/d/d/d/d/d/d/d/d/d folder")
	d.run("rm -rf top")
	d.settled()
	d.sameAsDisk()
}
