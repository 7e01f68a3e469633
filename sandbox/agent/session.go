package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// What programs may still do after a hang-up.
	hangUpGrace = time.Second
	// How often a session that ends is looked at.
	sessionEvery = 10 * time.Millisecond
)

// endSession hangs up on the processes of a session, kills what is left of them after the grace, and returns when there
// are none. A process that has made a session of its own is not among them.
func endSession(id int) {
	signalAll(processesOf(id), syscall.SIGHUP, syscall.SIGCONT)
	for since := time.Now(); time.Since(since) < hangUpGrace; time.Sleep(sessionEvery) {
		if len(processesOf(id)) == 0 {
			return
		}
	}
	// One by one they could fork faster than they are killed. A process that is stopped does not fork.
	for running := running(processesOf(id)); len(running) > 0; running = stillRunning(id) {
		signalAll(running, syscall.SIGSTOP)
	}
	for left := processesOf(id); len(left) > 0; left = processesOf(id) {
		signalAll(left, syscall.SIGKILL)
		time.Sleep(sessionEvery)
	}
}

func stillRunning(id int) []member {
	time.Sleep(time.Millisecond)
	return running(processesOf(id))
}

// member is a process of a session.
type member struct {
	pid   int
	state byte
}

func signalAll(members []member, signals ...syscall.Signal) {
	for _, m := range members {
		for _, signal := range signals {
			_ = syscall.Kill(m.pid, signal)
		}
	}
}

// running are those that no signal has stopped.
func running(members []member) []member {
	var some []member
	for _, m := range members {
		if m.state != 'T' && m.state != 't' {
			some = append(some, m)
		}
	}
	return some
}

// processesOf are the processes of a session, without those that have ended and wait for their parent to notice.
func processesOf(session int) []member {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var members []member
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		content, err := os.ReadFile("/proc/" + entry.Name() + "/stat")
		if err != nil {
			continue
		}
		if state, of := stateAndSession(string(content)); of == session && state != 'Z' && state != 'X' {
			members = append(members, member{pid: pid, state: state})
		}
	}
	return members
}

// stateAndSession reads /proc/PID/stat. The name of the program, in brackets, may itself have brackets and spaces.
func stateAndSession(stat string) (state byte, session int) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 4 {
		return 'X', 0
	}
	session, _ = strconv.Atoi(fields[3])
	return fields[0][0], session
}
