package main

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// ended is what the kernel tells about a process that is over.
type ended struct {
	status syscall.WaitStatus
	at     time.Time
}

// children starts processes and reaps every process of the sandbox, our own and the orphans that process 1
// inherits.
type children struct {
	starter *starter
	score   *oomScore
	mutex   sync.Mutex
	some    *sync.Cond
	none    *sync.Cond
	alive   bool
	waiting map[int]chan ended
	// Largest resident set of any process reaped since resetPeak, in bytes.
	peak int64
}

func newChildren(score *oomScore) *children {
	c := &children{starter: newStarter(), score: score, waiting: map[int]chan ended{}}
	c.some = sync.NewCond(&c.mutex)
	c.none = sync.NewCond(&c.mutex)
	go c.reap()
	return c
}

// ownSession has a program begin a session without a terminal.
var ownSession = &syscall.SysProcAttr{Setsid: true}

// spawn starts a program; `files` become its descriptors from 0. The channel gets one value, when it has ended. The
// caller closes its own copies of the files.
func (c *children) spawn(path string, argv, env []string, dir string, files []*os.File, session *syscall.SysProcAttr) (int, <-chan ended, error) {
	descriptors := make([]uintptr, len(files))
	for i, file := range files {
		descriptors[i] = file.Fd()
	}
	attributes := &syscall.ProcAttr{
		Dir:   dir,
		Env:   env,
		Files: descriptors,
		Sys:   session,
	}
	done := make(chan ended, 1)
	// Held over the fork, so that reap cannot see a process end before it is known here.
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var pid int
	var err error
	c.starter.do(func() {
		c.score.whileFirst(func() { pid, err = syscall.ForkExec(path, argv, attributes) })
	})
	if err != nil {
		return 0, nil, fmt.Errorf("start %s: %w", path, err)
	}
	c.waiting[pid] = done
	c.alive = true
	c.some.Signal()
	return pid, done, nil
}

// killAll ends every process of the sandbox but this one, and returns when all are reaped. A process that
// forks meanwhile cannot escape: the signal goes to all at once and a fork with a signal pending fails.
func (c *children) killAll() {
	_ = syscall.Kill(-1, syscall.SIGKILL)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for c.alive {
		c.none.Wait()
	}
}

func (c *children) resetPeak() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.peak = 0
}

func (c *children) peakBytes() int64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.peak
}

func (c *children) reap() {
	for {
		c.mutex.Lock()
		for !c.alive {
			c.some.Wait()
		}
		c.mutex.Unlock()

		var status syscall.WaitStatus
		var usage syscall.Rusage
		pid, err := syscall.Wait4(-1, &status, 0, &usage)
		now := time.Now()

		c.mutex.Lock()
		switch {
		case err == syscall.ECHILD:
			// A child that was spawned since the call is seen by the next one.
			c.alive = len(c.waiting) > 0
			if !c.alive {
				c.none.Broadcast()
			}
		case err == nil:
			c.peak = max(c.peak, usage.Maxrss*1024)
			if done, ours := c.waiting[pid]; ours {
				delete(c.waiting, pid)
				done <- ended{status: status, at: now}
			}
		}
		c.mutex.Unlock()
	}
}
