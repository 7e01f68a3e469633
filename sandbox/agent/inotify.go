package main

import (
	"bytes"
	"os"
	"syscall"
	"unsafe"
)

const (
	// What happens in a folder that is watched. What is done to a file that has no name any more is not told.
	folderEvents = syscall.IN_CREATE | syscall.IN_DELETE | syscall.IN_MOVED_FROM | syscall.IN_MOVED_TO |
		syscall.IN_MODIFY | syscall.IN_CLOSE_WRITE | syscall.IN_OPEN | syscall.IN_ACCESS |
		syscall.IN_CLOSE_NOWRITE |
		syscall.IN_ONLYDIR | syscall.IN_EXCL_UNLINK
	inotifyBytes = 64 << 10
)

// inotifyEvent is one of the kernel's; `name` is what it is of in the folder that `watch` is of.
type inotifyEvent struct {
	watch int32
	mask  uint32
	name  string
}

// inotify is the kernel's queue of what happened in the folders that are watched.
type inotify struct {
	file       *os.File
	descriptor int
	// A value comes when there is something in the queue.
	stirred chan struct{}
	buffer  []byte
}

func openInotify() (*inotify, error) {
	descriptor, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("inotify_init1", err)
	}
	i := &inotify{
		file: os.NewFile(uintptr(descriptor), "inotify"), descriptor: descriptor,
		stirred: make(chan struct{}), buffer: make([]byte, inotifyBytes),
	}
	raw, err := i.file.SyscallConn()
	if err != nil {
		return nil, err
	}
	go func() {
		// An error says that it is closed.
		for raw.Read(func(descriptor uintptr) bool { return unread(descriptor) > 0 }) == nil {
			i.stirred <- struct{}{}
		}
	}()
	return i, nil
}

// watch has what happens in an open folder come into the queue from now on. A folder that is watched keeps its number.
func (i *inotify) watch(folder int) (int32, error) {
	watch, err := syscall.InotifyAddWatch(i.descriptor, ofDescriptor(folder), folderEvents)
	return int32(watch), err
}

// unwatch ends a watch. It fails where the folder is gone, which has ended it.
func (i *inotify) unwatch(watch int32) {
	_, _ = syscall.InotifyRmWatch(i.descriptor, uint32(watch))
}

// take hands over what is in the queue now, and not what comes meanwhile: that might never end.
func (i *inotify) take(hand func(inotifyEvent)) {
	for left := unread(uintptr(i.descriptor)); left > 0; {
		n, err := syscall.Read(i.descriptor, i.buffer)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		left -= n
		for read := i.buffer[:n]; len(read) >= syscall.SizeofInotifyEvent; {
			event := (*syscall.InotifyEvent)(unsafe.Pointer(&read[0]))
			end := syscall.SizeofInotifyEvent + int(event.Len)
			name, _, _ := bytes.Cut(read[syscall.SizeofInotifyEvent:end], []byte{0})
			hand(inotifyEvent{watch: event.Wd, mask: event.Mask, name: string(name)})
			read = read[end:]
		}
	}
}
