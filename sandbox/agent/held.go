package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// held is an interpreter that was started ahead of the run. It waits at the point where it would open its script, and
// reads the script's name from descriptor 3. The image's start-up hooks are the other end.
type held struct {
	path string
	argv []string
	// Environment of this interpreter beside the usual.
	env []string

	process *process
	control *os.File
}

const holdVariable = "CODESYNC_HOLD=3"

func newPython() *held {
	return &held{
		path: "/usr/bin/python3",
		// The name is a stand-in: the hook replaces it.
		argv: []string{"python3", "main.py"},
	}
}

func newNode() *held {
	return &held{
		path: "/usr/bin/node",
		// The heap's own limit lies above the sandbox's, so the kernel's limit is met first and named.
		argv: []string{"node", "--max-old-space-size=4096", "--require", "/opt/codesync/hold.cjs", "main.js"},
	}
}

func (h *held) prepare(c *children) error {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socketpair: %w", err)
	}
	// Only a non-blocking descriptor is read without a thread of its own.
	if err := syscall.SetNonblock(pair[0], true); err != nil {
		return err
	}
	ours := os.NewFile(uintptr(pair[0]), "control")
	theirs := os.NewFile(uintptr(pair[1]), "hold")
	defer theirs.Close()
	process, err := startProcess(c, workspace, h.path, h.argv, environment(workspace, nil, append(h.env, holdVariable)...), theirs)
	if err != nil {
		return err
	}
	ready := make([]byte, 1)
	theirs.Close()
	if _, err := ours.Read(ready); err != nil {
		return fmt.Errorf("%s did not wait: %w: %s", h.path, err, process.output.lastWords())
	}
	h.process, h.control = process, ours
	return nil
}

func (h *held) compile(*job) (*outcome, error) { return nil, nil }

func (h *held) launch(j *job) (*process, error) {
	// The entry is named from where the program stands, as a person there would.
	entry, err := filepath.Rel(j.folder(), filepath.Join(workspace, j.start.Entry))
	if err != nil {
		return nil, err
	}
	message := []byte(j.folder() + "\x00" + entry + "\x00" + strconv.Itoa(len(j.start.Args)) + "\x00")
	for _, argument := range j.start.Args {
		message = append(message, argument+"\x00"...)
	}
	message = append(message, "PWD="+j.folder()+"\x00"...)
	for name, value := range j.start.Env {
		message = append(message, name+"="+value+"\x00"...)
	}
	_, err = h.control.Write(message)
	// The hook reads until the end.
	if err := errors.Join(err, h.control.Close()); err != nil {
		return nil, err
	}
	return h.process, nil
}
