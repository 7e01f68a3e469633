package main

import (
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
)

// guard makes this process hard to reach for the code it is about to run under the same user id.
func guard() error {
	// Without it, that code could open /proc/1/fd and /proc/1/mem and write frames of its own.
	const prSetDumpable = 4
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetDumpable, 0, 0); errno != 0 {
		return errno
	}
	// They are caught, not ignored, since an ignored signal would stay ignored in every child. The kernel itself keeps
	// SIGKILL and SIGSTOP from inside away from process 1.
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	go func() {
		for range signals {
		}
	}()
	prepareThreads()
	return nil
}

// prepareThreads makes the runtime's threads while there is room for them. The runtime cannot go on when it needs a
// thread and a fork bomb has taken the last process number. Idle threads are never given back.
func prepareThreads() {
	const threads = 16
	var there, done sync.WaitGroup
	there.Add(threads)
	for range threads {
		done.Add(1)
		go func() {
			defer done.Done()
			// Each holds a thread until all do: that many exist, however slow the machine is.
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			there.Done()
			there.Wait()
		}()
	}
	done.Wait()
}
