package main

import (
	"runtime"
	"syscall"
	"unsafe"
)

// Numbers that the syscall package does not have; they are the same on every architecture.
const (
	sysLandlockCreateRuleset = 444
	sysLandlockAddRule       = 445
	sysLandlockRestrictSelf  = 446
)

const (
	landlockWriteFile = 1 << 1
	landlockRefer     = 1 << 13
)

// writable is where a program may write to files. /proc is not among it: there a process could change how it is chosen
// when memory is full. Message queues are reached by another mount than the one in /dev.
var writable = []string{workspace, "/tmp", "/dev", "/dev/mqueue"}

// starter starts programs from a thread of its own. The thread, and whatever is started from it, may write to no file
// outside of `writable`. On a kernel without Landlock only the files' own rights prevent it.
type starter struct {
	requests chan func()
}

func newStarter() *starter {
	s := &starter{requests: make(chan func())}
	go func() {
		// Never unlocked: the thread is of no use for anything else.
		runtime.LockOSThread()
		confineThread()
		for request := range s.requests {
			request()
		}
	}()
	return s
}

// do calls `request` on the thread and returns after it.
func (s *starter) do(request func()) {
	done := make(chan struct{})
	s.requests <- func() {
		defer close(done)
		request()
	}
	<-done
}

func confineThread() {
	const askVersion = 1
	version, _, _ := syscall.Syscall(sysLandlockCreateRuleset, 0, 0, askVersion)
	// The first version takes away renaming from folder to folder.
	if int(version) < 2 {
		return
	}
	handled := uint64(landlockWriteFile | landlockRefer)
	ruleset, _, errno := syscall.Syscall(sysLandlockCreateRuleset, uintptr(unsafe.Pointer(&handled)), unsafe.Sizeof(handled), 0)
	if errno != 0 {
		return
	}
	defer syscall.Close(int(ruleset))
	for _, folder := range writable {
		const oPath = 0x200000
		descriptor, err := syscall.Open(folder, oPath|syscall.O_CLOEXEC, 0)
		if err == syscall.ENOENT {
			continue
		}
		if err != nil {
			return
		}
		// struct landlock_path_beneath_attr is packed.
		var rule [12]byte
		*(*uint64)(unsafe.Pointer(&rule[0])) = handled
		*(*int32)(unsafe.Pointer(&rule[8])) = int32(descriptor)
		const pathBeneath = 1
		_, _, errno := syscall.Syscall6(sysLandlockAddRule, ruleset, pathBeneath, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
		syscall.Close(descriptor)
		if errno != 0 {
			return
		}
	}
	_, _, _ = syscall.Syscall(sysLandlockRestrictSelf, ruleset, 0, 0)
}
