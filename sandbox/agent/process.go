package main

import (
	"os"
	"syscall"
)

// process is a started program with our ends of its pipes.
type process struct {
	pid    int
	done   <-chan ended
	stdin  *os.File
	stdout *os.File
	stderr *os.File
}

// startProcess spawns a program in the workspace with fresh pipes; `extra` become descriptors from 3.
func startProcess(c *children, path string, argv, env []string, extra ...*os.File) (*process, error) {
	var opened []*os.File
	closeAll := func() {
		for _, file := range opened {
			file.Close()
		}
	}
	pipe := func() (read, write *os.File, err error) {
		read, write, err = os.Pipe()
		if err == nil {
			opened = append(opened, read, write)
		}
		return read, write, err
	}
	inRead, inWrite, err := pipe()
	if err != nil {
		return nil, err
	}
	outRead, outWrite, err := pipe()
	if err != nil {
		closeAll()
		return nil, err
	}
	errRead, errWrite, err := pipe()
	if err != nil {
		closeAll()
		return nil, err
	}
	pid, done, err := c.spawn(path, argv, env, workspace, append([]*os.File{inRead, outWrite, errWrite}, extra...))
	if err != nil {
		closeAll()
		return nil, err
	}
	inRead.Close()
	outWrite.Close()
	errWrite.Close()
	return &process{pid: pid, done: done, stdin: inWrite, stdout: outRead, stderr: errRead}, nil
}

// environment is what every program sees, plus what the run asks for.
func environment(extra map[string]string, more ...string) []string {
	env := append([]string{
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=/tmp",
		"USER=code",
		"LOGNAME=code",
		"SHELL=/bin/sh",
		"PWD=" + workspace,
		"TMPDIR=/tmp",
		"LANG=C.UTF-8",
		"TERM=xterm-256color",
		"PYTHONDONTWRITEBYTECODE=1",
		"RUST_BACKTRACE=0",
	}, more...)
	for name, value := range extra {
		env = append(env, name+"="+value)
	}
	return env
}

var signalNames = map[syscall.Signal]string{
	syscall.SIGHUP: "SIGHUP", syscall.SIGINT: "SIGINT", syscall.SIGQUIT: "SIGQUIT", syscall.SIGILL: "SIGILL",
	syscall.SIGTRAP: "SIGTRAP", syscall.SIGABRT: "SIGABRT", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE",
	syscall.SIGKILL: "SIGKILL", syscall.SIGUSR1: "SIGUSR1", syscall.SIGSEGV: "SIGSEGV", syscall.SIGUSR2: "SIGUSR2",
	syscall.SIGPIPE: "SIGPIPE", syscall.SIGALRM: "SIGALRM", syscall.SIGTERM: "SIGTERM", syscall.SIGSTKFLT: "SIGSTKFLT",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ", syscall.SIGVTALRM: "SIGVTALRM", syscall.SIGPROF: "SIGPROF",
	syscall.SIGIO: "SIGIO", syscall.SIGPWR: "SIGPWR", syscall.SIGSYS: "SIGSYS",
}
