package main

import (
	"os"
	"syscall"
)

const (
	shellPath = "/bin/bash"
	// Tools write their settings here, where they are no files of the project.
	shellHome = "/tmp/home"
)

// startShell starts an interactive shell, the leader of a session whose terminal is this one.
func startShell(c *children, terminal *os.File) (int, <-chan ended, error) {
	files := []*os.File{terminal, terminal, terminal}
	return c.spawn(shellPath, []string{"bash"}, shellEnvironment(), workspace, files, ownTerminal)
}

// ownTerminal makes descriptor 0 the terminal of a new session.
var ownTerminal = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}

// prepareHome makes the folder that the shells are at home in.
func prepareHome() error {
	return os.MkdirAll(shellHome, 0o700)
}

// shellEnvironment is what every shell of a workspace begins with. Go's settings are those under which the standard
// library in the image was compiled: with others it is compiled anew.
func shellEnvironment() []string {
	return []string{
		"PATH=" + shellHome + "/.local/bin:/usr/local/bin:/usr/bin:/bin",
		"HOME=" + shellHome,
		"USER=code",
		"LOGNAME=code",
		"SHELL=" + shellPath,
		"PWD=" + workspace,
		"TMPDIR=/tmp",
		"LANG=C.UTF-8",
		"TERM=xterm-256color",
		"COLORTERM=truecolor",
		"EDITOR=nano",
		"PYTHONDONTWRITEBYTECODE=1",
		"CGO_ENABLED=0",
		"GODEBUG=installgoroot=all",
		"GOFLAGS=-trimpath -buildvcs=false -gcflags=all=-dwarf=false",
		"GOPROXY=off",
		"GOSUMDB=off",
		"GOTELEMETRY=off",
		"GOTOOLCHAIN=local",
	}
}
