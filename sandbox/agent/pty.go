package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

const (
	// A bit of the input modes that the syscall package does not have.
	inputUTF8 = 0x4000
	// The key that ends a program, unless the program has it otherwise.
	ctrlC = 3
)

// size is a terminal's, in characters.
type size struct {
	cols, rows uint16
}

// pty is a pseudo-terminal. Both of its ends are held, so that reading it never fails while programs come and go.
type pty struct {
	master *os.File
	raw    syscall.RawConn
	slave  *os.File
}

func openPTY(s size) (*pty, error) {
	descriptor, err := syscall.Open("/dev/ptmx", syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	p := &pty{master: os.NewFile(uintptr(descriptor), "terminal")}
	if err := p.open(descriptor, s); err != nil {
		p.close()
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	return p, nil
}

func (p *pty) open(master int, s size) (err error) {
	if p.raw, err = p.master.SyscallConn(); err != nil {
		return err
	}
	var locked, number int32
	if err := ioctl(master, syscall.TIOCSPTLCK, unsafe.Pointer(&locked)); err != nil {
		return err
	}
	if err := ioctl(master, syscall.TIOCGPTN, unsafe.Pointer(&number)); err != nil {
		return err
	}
	path := "/dev/pts/" + strconv.Itoa(int(number))
	slave, err := syscall.Open(path, syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	p.slave = os.NewFile(uintptr(slave), path)
	// Erasing takes a whole character back.
	var modes syscall.Termios
	if err := ioctl(slave, syscall.TCGETS, unsafe.Pointer(&modes)); err != nil {
		return err
	}
	modes.Iflag |= inputUTF8
	if err := ioctl(slave, syscall.TCSETS, unsafe.Pointer(&modes)); err != nil {
		return err
	}
	return p.resize(s)
}

// resize sets the size; the kernel tells the program.
func (p *pty) resize(s size) error {
	window := struct{ rows, cols, width, height uint16 }{rows: s.rows, cols: s.cols}
	return p.control(func(master int) error {
		return ioctl(master, syscall.TIOCSWINSZ, unsafe.Pointer(&window))
	})
}

// interrupts tells whether a Ctrl-C ends a program here, and throws away what none has read yet. Else the program takes
// it as any other key.
func (p *pty) interrupts() bool {
	var modes syscall.Termios
	err := p.control(func(int) error { return ioctl(int(p.slave.Fd()), syscall.TCGETS, unsafe.Pointer(&modes)) })
	return err == nil && modes.Lflag&syscall.ISIG != 0 && modes.Lflag&syscall.NOFLSH == 0 && modes.Cc[syscall.VINTR] == ctrlC
}

// dropInput throws away what no program has read yet.
func (p *pty) dropInput() error {
	return p.control(func(int) error {
		const flush, inputQueue = 0x540b, 0
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, p.slave.Fd(), flush, inputQueue)
		if errno != 0 {
			return errno
		}
		return nil
	})
}

func (p *pty) control(use func(master int) error) error {
	var failure error
	if err := p.raw.Control(func(descriptor uintptr) { failure = use(int(descriptor)) }); err != nil {
		return err
	}
	return failure
}

// whenReadable calls `attempt` when there may be output, until it returns true. The error is that of the deadline, or of
// a terminal that was closed.
func (p *pty) whenReadable(attempt func(master int) bool) error {
	return p.raw.Read(func(descriptor uintptr) bool { return attempt(int(descriptor)) })
}

// readNow takes what is there, and waits for nothing.
func (p *pty) readNow(into []byte) (n int) {
	_ = p.control(func(master int) error {
		n = readAvailable(master, into)
		return nil
	})
	return n
}

// readAvailable reads until there is no more or no more room: the kernel gives a page at a time.
func readAvailable(descriptor int, into []byte) (total int) {
	for total < len(into) {
		n, err := syscall.Read(descriptor, into[total:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			break
		}
		total += n
	}
	return total
}

// write calls `attempt` when the terminal may have room, and again after EAGAIN. After stopWriting it returns early, once.
func (p *pty) write(attempt func(master int) error) error {
	var failure error
	err := p.raw.Write(func(descriptor uintptr) bool {
		for failure = syscall.EINTR; failure == syscall.EINTR; {
			failure = attempt(int(descriptor))
		}
		return failure != syscall.EAGAIN
	})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return p.master.SetWriteDeadline(time.Time{})
	}
	return errors.Join(err, failure)
}

// stopWriting ends a write that waits, or the next one.
func (p *pty) stopWriting() error {
	return p.master.SetWriteDeadline(time.Now())
}

// stopReading ends a read that waits, and all that come.
func (p *pty) stopReading() error {
	return p.master.SetReadDeadline(time.Now())
}

func (p *pty) close() {
	p.master.Close()
	if p.slave != nil {
		p.slave.Close()
	}
}

func ioctl(descriptor int, request uintptr, argument unsafe.Pointer) error {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(descriptor), request, uintptr(argument))
	if errno != 0 {
		return errno
	}
	return nil
}
