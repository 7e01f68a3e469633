package main

import (
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"unsafe"
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
	if err := catchThreadSignals(); err != nil {
		return err
	}
	prepareThreads()
	return nil
}

// nothing is a handler for signals, in assembly: it is called where no Go may be.
func nothing()

// nothingAt is where nothing begins, as the kernel takes it.
var nothingAt uintptr

// catchThreadSignals has 32 and 34, which Go leaves to C libraries, do nothing. The kernel keeps a signal without a
// handler away from process 1, but not while its first thread blocks signals, as it does for a moment in every handler:
// the signal then ends the process by another thread.
func catchThreadSignals() error {
	const maskBytes = 8
	// As large as the kernel's on any architecture. All of them begin with the handler.
	var action [8]uintptr
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGUSR1), 0, uintptr(unsafe.Pointer(&action)), maskBytes, 0, 0)
	if errno != 0 {
		return errno
	}
	action[0] = nothingAt
	for _, number := range []uintptr{32, 34} {
		_, _, errno = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, number, uintptr(unsafe.Pointer(&action)), 0, maskBytes, 0, 0)
		if errno != 0 {
			return errno
		}
	}
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
