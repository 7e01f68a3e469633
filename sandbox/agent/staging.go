package main

import (
	"errors"
	"hash/maphash"
	"syscall"
)

// staged is a content that comes in parts: a file without a name, which a write gives one.
type staged struct {
	descriptor int
	bytes      int64
	sum        maphash.Hash
}

var errNotStaged = errors.New("no such content was sent")

// stage adds a part. The parts of one content come in their order.
func (f *files) stage(c filesCommand) error {
	s := f.staged[c.Hash]
	if c.At == 0 {
		f.unstage(c.Hash)
		descriptor, err := f.disk.temporary(nil, newFileMode)
		if err != nil {
			return err
		}
		s = &staged{descriptor: descriptor}
		s.sum.SetSeed(sumSeed)
		f.staged[c.Hash] = s
	} else if s == nil || s.bytes != c.At {
		return errNotStaged
	}
	if err := writeAll(s.descriptor, c.Data); err != nil {
		f.unstage(c.Hash)
		return err
	}
	s.bytes += int64(len(c.Data))
	_, err := s.sum.Write(c.Data)
	return err
}

// stagedFile takes what was staged out. Whoever has it closes it.
func (f *files) stagedFile(hash string, mode uint32) (made, error) {
	s := f.staged[hash]
	if s == nil {
		return made{}, errNotStaged
	}
	if err := syscall.Fchmod(s.descriptor, mode); err != nil {
		return made{}, err
	}
	delete(f.staged, hash)
	return made{s.descriptor, s.sum.Sum64()}, nil
}

// unstage forgets a content that was not taken out.
func (f *files) unstage(hash string) {
	if s := f.staged[hash]; s != nil {
		syscall.Close(s.descriptor)
		delete(f.staged, hash)
	}
}

// answerFetch sends a stretch of a file that is as the server knows it.
func (f *files) answerFetch(c filesCommand) {
	content, err := f.fetch(c)
	if err != nil {
		f.refuse(c.N, err)
		return
	}
	f.send(filesBytes{Type: "files.bytes", N: c.N, Data: content})
}

func (f *files) fetch(c filesCommand) ([]byte, error) {
	if c.At < 0 || c.Length < 0 || c.Length > filesPartBytes {
		return nil, refusal{refusedFailed, "bytes that are no part"}
	}
	n, err := f.known(c.Path, c.Over)
	if err != nil {
		return nil, err
	}
	p := n.at[real]
	content, err := f.disk.part(c.Path, c.At, c.Length)
	f.drain(&own{at: p, reads: true})
	if isAbsent(err) {
		f.suspect(p, f.now())
		err = stale
	}
	if err == nil && int64(len(content)) < c.Length {
		f.suspectWritten(p)
		err = stale
	}
	return content, err
}
