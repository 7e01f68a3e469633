package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// How long programs may still do something after a hang-up.
	hangUpGrace = time.Second
	// How often a session that ends is looked at.
	sessionEvery = 10 * time.Millisecond
)

// endSession hangs up on the processes of a session, kills what is left of them after the grace, and returns when there
// are none. One that has made a session of its own is not among them. Forking does not save a process: the limit of
// processes leaves it fewer new ones than are killed at a time.
func endSession(id int, grace time.Duration) {
	// SIGCONT has those that are stopped heed the other.
	signalAll(processesOf(id), syscall.SIGHUP, syscall.SIGCONT)
	killAt := time.Now().Add(grace)
	for left := processesOf(id); len(left) > 0; left = processesOf(id) {
		if time.Now().After(killAt) {
			signalAll(left, syscall.SIGKILL)
		}
		time.Sleep(sessionEvery)
	}
}

// signalAll sends each process the signals in their order.
func signalAll(pids []int, signals ...syscall.Signal) {
	for _, pid := range pids {
		for _, signal := range signals {
			_ = syscall.Kill(pid, signal)
		}
	}
}

// processesOf are the processes of a session, without those that have ended and wait for their parent to notice.
func processesOf(session int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
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
			pids = append(pids, pid)
		}
	}
	return pids
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
