package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// deliver hands frames to a run that has not started, and returns it with the first refusal.
func deliver(frames ...frame) (*oneRun, error) {
	r := &oneRun{}
	return r, serve(sentBy(frames...), dispatcher{runChannel: r.handlers()})
}

func file(name string) frame       { return frame{runChannel, frameFile, []byte(name)} }
func content(payload []byte) frame { return frame{runChannel, frameBytes, payload} }

func TestFilesThatAreNoTextArePlacedByteForByte(t *testing.T) {
	place(t)
	first, second := bytes.Repeat([]byte{0, 0xff, '\n'}, 500_000), []byte("PNG")
	r, err := deliver(file("img/a/logo.png"), content(first), content(second), file("img/empty"), file("img/a/one"), content(second))
	if err != nil || r.blobs.finish() != nil {
		t.Fatal(err, r.blobs.err)
	}
	for name, want := range map[string][]byte{"img/a/logo.png": append(first, second...), "img/empty": {}, "img/a/one": second} {
		if got, err := os.ReadFile(workspace + "/" + name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if err := writeFiles([]startFile{{Path: "img/a/text", Text: "beside"}}); err != nil {
		t.Error(err)
	}
	place(t)
}

func TestFilesThatAreNoTextAreHeldInsideAndNamedWithTheReason(t *testing.T) {
	full := bytes.Repeat([]byte{1}, 20<<20)
	for name, refused := range map[string]struct {
		frames []frame
		words  string
	}{
		"a name twice":        {[]frame{file("a"), file("b"), file("a")}, "“a” cannot be placed in the workspace: another file has this name."},
		"a file as a folder":  {[]frame{file("a"), file("a/b")}, "a folder on its way is a file"},
		"outside":             {[]frame{file("../tmp/escaped"), content(full)}, "“../tmp/escaped” cannot be placed"},
		"outside from within": {[]frame{file("in/../../tmp/escaped")}, "cannot be placed"},
		"absolute":            {[]frame{file("/tmp/escaped")}, "cannot be placed"},
		"without a name":      {[]frame{file(""), content(full)}, "cannot be placed"},
		"through a link":      {[]frame{file("link/escaped"), content(full)}, "cannot be placed"},
		"over a link":         {[]frame{file("link"), content(full)}, "another file has this name"},
		"too large":           {[]frame{file("a"), content(full), content(full), file("b")}, "“a” cannot be placed in the workspace: the workspace is full."},
	} {
		t.Run(name, func(t *testing.T) {
			place(t)
			if err := os.Symlink("/tmp", workspace+"/link"); err != nil {
				t.Fatal(err)
			}
			r, err := deliver(refused.frames...)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.blobs.finish(); err == nil || !strings.Contains(err.Error(), refused.words) {
				t.Error(err)
			}
			if _, err := os.Stat("/tmp/escaped"); err == nil {
				t.Error("a file was placed outside")
			}
		})
	}
	place(t)
}

func TestBytesOfNoFileEndTheSandbox(t *testing.T) {
	if _, err := deliver(content([]byte("x"))); err == nil {
		t.Error("they were taken")
	}
}

func TestARunWithoutAllOfItsFilesDoesNotBegin(t *testing.T) {
	exit, frames := carryOut(t, script{}, startOf("echo ran"), func(j *job) {
		r, _ := deliver(file("main.sh"), file("../escaped"))
		j.unplaced = r.blobs.finish()
	})
	if exit.Reason != endFiles || !strings.Contains(exit.Message, "“../escaped” cannot be placed") || len(frames) > 0 {
		t.Errorf("%+v, %q", exit, frames)
	}
}
