package main

import (
	"os"
	"strconv"
)

const (
	// Whom the kernel ends first when the sandbox's memory is full, and last.
	endFirst  = 1000
	lowestEnd = -1000
)

// oomScore is this process's place in the kernel's choice of whom to end when the sandbox's memory is full. What is
// started inherits it.
type oomScore struct {
	file *os.File
	// The lowest that this process may have.
	own int
}

// openOOMScore takes the lowest score that the container allows. It has to come before guard, which closes the file
// to everyone under this user id. Where there is no such file, nothing is chosen.
func openOOMScore() *oomScore {
	file, err := os.OpenFile("/proc/self/oom_score_adj", os.O_WRONLY, 0)
	if err != nil {
		return &oomScore{}
	}
	s := &oomScore{file: file}
	low, high := lowestEnd, endFirst
	for low < high {
		if middle := low + (high-low)/2; s.set(middle) == nil {
			high = middle
		} else {
			low = middle + 1
		}
	}
	s.own = high
	_ = s.set(s.own)
	return s
}

// whileFirst calls `start` with the score that a program is to inherit. No process of a program's has another score,
// and none is started before it has it.
func (s *oomScore) whileFirst(start func()) {
	_ = s.set(endFirst)
	defer s.set(s.own)
	start()
}

func (s *oomScore) set(score int) error {
	if s.file == nil {
		return nil
	}
	_, err := s.file.WriteString(strconv.Itoa(score))
	return err
}
