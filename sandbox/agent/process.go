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
	output *carrier
}

// startProcess spawns a program in a folder with fresh pipes; `extra` become descriptors from 3.
func startProcess(c *children, folder, path string, argv, env []string, extra ...*os.File) (*process, error) {
	theirStdin, stdin, err := newInputPipe()
	if err != nil {
		return nil, err
	}
	defer theirStdin.Close()
	output, stdout, stderr, err := newCarrier()
	if err != nil {
		stdin.Close()
		return nil, err
	}
	defer stdout.Close()
	defer stderr.Close()
	pid, done, err := c.spawn(path, argv, env, folder, append([]*os.File{theirStdin, stdout, stderr}, extra...), ownSession)
	if err != nil {
		stdin.Close()
		output.close()
		return nil, err
	}
	return &process{pid: pid, done: done, stdin: stdin, output: output}, nil
}

// environment is what every program in the folder sees, plus what the run asks for.
func environment(folder string, extra map[string]string, more ...string) []string {
	env := append([]string{
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=/tmp",
		"USER=code",
		"LOGNAME=code",
		"SHELL=/bin/sh",
		"PWD=" + folder,
		"TMPDIR=/tmp",
		"LANG=C.UTF-8",
		"TERM=xterm-256color",
		"NODE_OPTIONS=--require=/opt/codesync/streams.cjs",
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
