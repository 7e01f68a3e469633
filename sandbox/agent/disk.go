package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"strconv"
	"syscall"
	"unsafe"
)

// The same on every architecture.
const (
	sysOpenat2 = 437
	oPath      = 0x200000
	oTemporary = 0x400000 | syscall.O_DIRECTORY

	atRemoveDir     = 0x200
	atSymlinkFollow = 0x400

	renameNoReplace = 1
	renameExchange  = 2

	resolveNoMountPoints = 0x1
	resolveNoMagicLinks  = 0x2
	resolveNoLinks       = 0x4
	resolveBeneath       = 0x8
)

// Names of files that are on their way, at the top of the workspace. Each is there for an instant.
const onItsWay = ".codesync-"

var (
	errNoFile = errors.New("not a regular file")
	errLarge  = errors.New("more bytes than are read")
)

// disk is the workspace's folder. Paths are relative to it. No symbolic link is followed, neither at the end of a path
// nor on the way, also if it is put there meanwhile: nothing outside is reached.
type disk struct {
	root int
	// Counts the files on their way.
	names int
}

func openDisk(folder string) (*disk, error) {
	root, err := syscall.Open(folder, oPath|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("open "+folder, err)
	}
	return &disk{root: root}, nil
}

// open returns a descriptor. The path "" is the workspace itself.
func (d *disk) open(name string, flags, mode uint64) (int, error) {
	if name == "" {
		name = "."
	}
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return 0, err
	}
	how := [3]uint64{
		flags | syscall.O_NOFOLLOW | syscall.O_CLOEXEC, mode,
		resolveNoMountPoints | resolveNoMagicLinks | resolveNoLinks | resolveBeneath,
	}
	for {
		descriptor, _, errno := syscall.Syscall6(sysOpenat2, uintptr(d.root), uintptr(unsafe.Pointer(text)),
			uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
		if errno == 0 {
			return int(descriptor), nil
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// folder opens a folder, to work in it by names.
func (d *disk) folder(name string) (int, error) {
	return d.open(name, oPath|syscall.O_DIRECTORY, 0)
}

// stat tells of what is at a path, of a link itself where there is one.
func (d *disk) stat(name string) (syscall.Stat_t, error) {
	var s syscall.Stat_t
	descriptor, err := d.open(name, oPath, 0)
	if err != nil {
		return s, err
	}
	defer syscall.Close(descriptor)
	return s, syscall.Fstat(descriptor, &s)
}

// contents reads a regular file of at most `limit` bytes. Nothing else is opened. What it was before it was read is
// told too, even if it is too large.
func (d *disk) contents(name string, limit int64) ([]byte, syscall.Stat_t, error) {
	var s syscall.Stat_t
	held, err := d.open(name, oPath, 0)
	if err != nil {
		return nil, s, err
	}
	defer syscall.Close(held)
	if err := syscall.Fstat(held, &s); err != nil {
		return nil, s, err
	}
	if !isFile(s) {
		return nil, s, errNoFile
	}
	if s.Size > limit {
		return nil, s, errLarge
	}
	// The very file that was looked at, whatever is at the path now.
	file, err := os.OpenFile(ofDescriptor(held), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, s, err
	}
	defer file.Close()
	var text bytes.Buffer
	text.Grow(int(s.Size) + bytes.MinRead)
	_, err = text.ReadFrom(io.LimitReader(file, limit+1))
	if int64(text.Len()) > limit {
		err = errLarge
	}
	return text.Bytes(), s, err
}

// part reads a stretch of a regular file, less of it where the file ends.
func (d *disk) part(name string, at, length int64) ([]byte, error) {
	held, err := d.open(name, oPath, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(held)
	var s syscall.Stat_t
	if err := syscall.Fstat(held, &s); err != nil {
		return nil, err
	}
	if !isFile(s) {
		return nil, errNoFile
	}
	file, err := os.OpenFile(ofDescriptor(held), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content := make([]byte, length)
	n, err := file.ReadAt(content, at)
	if err == io.EOF {
		err = nil
	}
	return content[:n], err
}

// list returns what is in a folder, but for names that cannot be told of anyway.
func (d *disk) list(name string) ([]os.DirEntry, error) {
	descriptor, err := d.open(name, syscall.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	folder := os.NewFile(uintptr(descriptor), name)
	defer folder.Close()
	return folder.ReadDir(-1)
}

// temporary makes a file without a name.
func (d *disk) temporary(content []byte, mode uint32) (int, error) {
	descriptor, err := d.open("", oTemporary|syscall.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	if err = writeAll(descriptor, content); err == nil {
		err = syscall.Fchmod(descriptor, mode)
	}
	if err != nil {
		syscall.Close(descriptor)
		return 0, err
	}
	return descriptor, nil
}

func writeAll(descriptor int, content []byte) error {
	for len(content) > 0 {
		n, err := syscall.Write(descriptor, content)
		if err != nil && err != syscall.EINTR {
			return err
		}
		content = content[max(n, 0):]
	}
	return nil
}

// underWay calls `use` with a name at the top that nobody has, until it does not say that somebody has it.
func (d *disk) underWay(use func(name string) error) (string, error) {
	for {
		d.names++
		name := onItsWay + strconv.Itoa(d.names)
		if err := use(name); err != syscall.EEXIST {
			return name, err
		}
	}
}

// inFolder calls `use` with the folder of a path, and the name in it.
func (d *disk) inFolder(name string, use func(folder int, name string) error) error {
	above, last := path.Split(name)
	folder, err := d.folder(path.Clean(above))
	if err != nil {
		return err
	}
	defer syscall.Close(folder)
	return use(folder, last)
}

// link gives a temporary file its name. It replaces nothing.
func link(descriptor, folder int, name string) error {
	return linkWith(atSymlinkFollow, 0, ofDescriptor(descriptor), folder, name)
}

// linkAt gives what is at a name another name. It replaces nothing, and follows no link.
func linkAt(fromFolder int, from string, toFolder int, to string) error {
	return linkWith(0, fromFolder, from, toFolder, to)
}

func linkWith(flags uintptr, fromFolder int, from string, toFolder int, to string) error {
	fromName, err := syscall.BytePtrFromString(from)
	if err != nil {
		return err
	}
	toName, err := syscall.BytePtrFromString(to)
	if err != nil {
		return err
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_LINKAT, uintptr(fromFolder), uintptr(unsafe.Pointer(fromName)),
		uintptr(toFolder), uintptr(unsafe.Pointer(toName)), flags, 0)
	return orNil(errno)
}

// rename moves what is at a name, as the flags have it.
func rename(fromFolder int, from string, toFolder int, to string, flags uintptr) error {
	fromName, err := syscall.BytePtrFromString(from)
	if err != nil {
		return err
	}
	toName, err := syscall.BytePtrFromString(to)
	if err != nil {
		return err
	}
	_, _, errno := syscall.Syscall6(sysRenameat2, uintptr(fromFolder), uintptr(unsafe.Pointer(fromName)),
		uintptr(toFolder), uintptr(unsafe.Pointer(toName)), flags, 0)
	return orNil(errno)
}

// unlink takes a name away: a file's, or that of an empty folder with the flag for one.
func unlink(folder int, name string, flags uintptr) error {
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	_, _, errno := syscall.Syscall(syscall.SYS_UNLINKAT, uintptr(folder), uintptr(unsafe.Pointer(text)), flags)
	return orNil(errno)
}

func orNil(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// ofDescriptor is a path to what a descriptor of this process is of.
func ofDescriptor(descriptor int) string {
	return "/proc/self/fd/" + strconv.Itoa(descriptor)
}

func isFile(s syscall.Stat_t) bool   { return s.Mode&syscall.S_IFMT == syscall.S_IFREG }
func isFolder(s syscall.Stat_t) bool { return s.Mode&syscall.S_IFMT == syscall.S_IFDIR }

// isAbsent tells whether an error says that nothing is at a path that could be told of.
func isAbsent(err error) bool {
	for _, absent := range []error{syscall.ENOENT, syscall.ENOTDIR, syscall.ELOOP, syscall.ENAMETOOLONG, errNoFile} {
		if errors.Is(err, absent) {
			return true
		}
	}
	return false
}

// isWant tells whether an error is for want of something that may be there later. EAGAIN is of a file that a program has
// leased.
func isWant(err error) bool {
	for _, want := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EAGAIN} {
		if errors.Is(err, want) {
			return true
		}
	}
	return false
}
