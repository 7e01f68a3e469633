package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestBothSidesEndAlike has programs and the server do things at random to a few names, so that they meet. The server
// then believes what is on the disk, and has read what is in it.
func TestBothSidesEndAlike(t *testing.T) {
	for range 32 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { bothSides(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

func bothSides(t *testing.T, random *rand.Rand) {
	d := newDesk(t)
	pick := func(names ...string) string { return names[random.IntN(len(names))] }
	name := func() string {
		return pick("", "d/", "e/", "d/e/", "e/d/") + pick("a", "b", "d", "e")
	}
	over := func(name string) int64 {
		d.lock.Lock()
		defer d.lock.Unlock()
		return d.files[name]
	}
	for step := range 250 {
		one, other := filepath.Join(workspace, name()), filepath.Join(workspace, name())
		// Many of them cannot be done.
		switch random.IntN(13) {
		case 0, 1:
			_ = os.WriteFile(one, fmt.Append(nil, "written ", step), 0o644)
		case 2:
			_ = os.Remove(one)
		case 3, 4:
			_ = os.Rename(one, other)
		case 5:
			_ = os.Mkdir(one, 0o755)
		case 6:
			_ = os.RemoveAll(one)
		case 7, 8, 9:
			name := name()
			d.ask(filesCommand{Type: "files.write", Path: name, Over: over(name), Text: "ours"})
		case 10:
			name := name()
			d.ask(filesCommand{Type: "files.remove", Path: name, Over: over(name)})
		case 11:
			d.ask(filesCommand{Type: pick("files.move", "files.folder", "files.removeFolder"), Path: one[len(workspace)+1:], From: name(), To: name()})
		case 12:
			// Some things are looked at by then, and others not.
			d.clock.add(time.Duration(random.Int64N(int64(2 * settledGone))))
		}
	}
	d.settled()
	d.sameAsDisk()
	d.lock.Lock()
	var names []string
	for name := range d.files {
		names = append(names, name)
	}
	d.lock.Unlock()
	slices.Sort(names)
	for _, name := range names {
		before := over(name)
		if a := d.ask(filesCommand{Type: "files.read", Path: name}); a.Text != d.disk(name) || a.Revision != before {
			t.Errorf("%s: %+v, believed %d, on the disk %q", name, a, before, d.disk(name))
		}
	}
}
