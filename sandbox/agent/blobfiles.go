package main

import (
	"errors"
	"os"
)

// blobFiles places files that are no text, as their bytes come. After the first that cannot be placed it takes no more,
// and the run ends with the reason.
type blobFiles struct {
	root *os.Root
	made map[string]bool
	// The one that is being written, and its path.
	file *os.File
	name string
	err  error
}

// begin makes the next file, by the rules of writeFiles.
func (b *blobFiles) begin(name string) {
	b.close()
	if b.err != nil {
		return
	}
	b.name = name
	if b.root == nil {
		b.made = map[string]bool{}
		if b.root, b.err = os.OpenRoot(workspace); b.err != nil {
			return
		}
	}
	var err error
	b.file, err = makeFile(b.root, name, b.made)
	b.note(err)
}

// add writes at the end of the file.
func (b *blobFiles) add(payload []byte) error {
	if b.root == nil && b.err == nil {
		return errors.New("bytes of no file")
	}
	if b.err == nil {
		_, err := b.file.Write(payload)
		b.note(err)
	}
	return nil
}

// finish tells, as a sentence for a person, why not all are there.
func (b *blobFiles) finish() error {
	b.close()
	if b.root != nil {
		b.root.Close()
	}
	return b.err
}

func (b *blobFiles) close() {
	if b.file != nil {
		b.note(b.file.Close())
		b.file = nil
	}
}

func (b *blobFiles) note(err error) {
	if err != nil && b.err == nil {
		b.err = cannotPlace(b.name, err)
	}
}
