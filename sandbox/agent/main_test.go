package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The agent's own, as main makes them: there is one reaper to a process.
var (
	ownScore  *oomScore
	allOfThem *children
)

// TestMain stands where the agent does. What it tests ends every process of its user, so it runs nowhere else.
func TestMain(m *testing.M) {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "These tests run as process 1 of a sandbox: npm run check.")
		os.Exit(1)
	}
	ownScore = openOOMScore()
	if err := guard(); err != nil {
		panic(err)
	}
	allOfThem = newChildren(ownScore)
	os.Exit(m.Run())
}

// place empties the workspace and puts files there.
func place(t *testing.T, files ...startFile) {
	t.Helper()
	entries, err := os.ReadDir(workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(workspace, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeFiles(files); err != nil {
		t.Fatal(err)
	}
}

// shell runs a script to its end and returns what it printed, its streams in the order in which it wrote them.
func shell(t *testing.T, script string, stdout, stderr *stream) ([]frame, ended) {
	t.Helper()
	program, err := startProcess(allOfThem, workspace, "/bin/sh", []string{"sh", "-c", script}, environment(workspace, nil))
	if err != nil {
		t.Fatal(err)
	}
	program.stdin.Close()
	var sent bytes.Buffer
	program.output.carry(&frameWriter{to: &sent}, stdout, stderr)
	end := <-program.done
	return framesIn(t, &sent), end
}

func keepAll(kind byte) *stream {
	return &stream{kind: kind, kept: 1 << 30, flood: 1 << 30, onFlood: func() {}}
}

func framesIn(t *testing.T, from io.Reader) []frame {
	t.Helper()
	var frames []frame
	for {
		f, err := readFrame(from)
		if err == io.EOF {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, f)
	}
}

// textOf joins the payloads of these kinds.
func textOf(frames []frame, kinds string) string {
	var text strings.Builder
	for _, f := range frames {
		if strings.IndexByte(kinds, f.kind) >= 0 {
			text.Write(f.payload)
		}
	}
	return text.String()
}

// others are the processes of the sandbox beside this one, zombies too.
func others(t *testing.T) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil && pid != 1 {
			pids = append(pids, pid)
		}
	}
	return pids
}
