package main

import (
	"fmt"
	"slices"
	"testing"
)

// Each move is seen by itself, and none is told before all are over.
func TestMovesInACircleAreTold(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	for _, name := range []string{"a", "b", "x/in/x", "y/in/y"} {
		d.write(name, 0, 0, name)
	}
	for _, script := range []string{
		"mv a t", "mv b a", "mv t b", "mv x t", "mv y x", "mv t y", "mv x t", "mkdir x", "mv t x/x", "mv y/in z", "mv y z/y",
	} {
		d.run(script)
		d.lookNow()
	}
	d.f.tell()
	d.until("the changes", func() bool { return len(d.changes) > 0 })
	d.sameAsDisk()
	for name, text := range map[string]string{"b": "a", "a": "b", "x/x/in/y": "y/in/y", "z/x": "x/in/x"} {
		if d.disk(name) != text {
			t.Errorf("%s: %q", name, d.disk(name))
		}
		if read := d.f.root.find(told, name); read == nil || sumOf([]byte(text)) != read.sum {
			t.Errorf("%s: %+v", name, read)
		}
	}
}

func TestAFolderThatIsGoneIsToldOfOnce(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	for _, name := range []string{"a/b/c/1", "a/b/c/2", "a/1", "a/2", "b"} {
		d.write(name, 0, 0, "x")
	}
	d.run("rm -rf a; rm b")
	d.lookNow()
	d.f.tell()
	d.until("the changes", func() bool { return len(d.changes) > 0 })
	if len(d.changes) != 2 {
		t.Error(d.changes)
	}
	d.sameAsDisk()
}

func TestTenThousandFilesComeInBatchesOneAtATime(t *testing.T) {
	d := newDesk(t)
	d.run("mkdir many")
	d.settled()
	d.blind = true
	d.run("cd many; seq 10001 20000 | xargs touch")
	d.still()
	seen := 0
	for told := 0; told < 10_000; {
		d.lock.Lock()
		if len(d.batches) > seen+1 {
			t.Fatal("a batch ahead of its time")
		}
		seen, told = len(d.batches), len(d.changes)
		if last := d.batches[seen-1]; last > filesChanges {
			t.Fatal(last, "changes at once")
		}
		batch := d.heard
		d.lock.Unlock()
		d.say(filesCommand{Type: "files.seen", Batch: batch})
		if told < 10_000 {
			d.until("the next batch", func() bool { return len(d.batches) > seen })
		}
	}
	d.blind = false
	d.settled()
	d.sameAsDisk()
}

func TestWhatHappensMeanwhileIsGathered(t *testing.T) {
	d := newDesk(t)
	first := d.write("a", 0, 0, "one\n")
	d.blind = true
	d.run("echo two > b")
	d.still()
	for n := range 5 {
		d.run(fmt.Sprintf("echo %d > a; echo %d > c; mkdir d%d", n, n, n))
		d.still()
	}
	d.run("rm -r c d?")
	d.still()
	if !slices.Equal(d.batches, []int{1}) {
		t.Error("told before the last batch was seen:", d.batches)
	}
	d.blind = false
	d.say(filesCommand{Type: "files.seen", Batch: 1})
	told := d.only("a file", "b file")
	if told[0].Base != first {
		t.Errorf("%+v", told)
	}
	d.sameAsDisk()
}
