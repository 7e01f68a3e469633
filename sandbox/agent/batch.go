package main

import "time"

const (
	// Output is sent at once after a silence of this length, and in batches that are this far apart.
	batchEvery = time.Millisecond
	batchBytes = 64 << 10
)

// batch is output on its way to the runner: frames one after another, one for each stretch of a stream.
type batch struct {
	frames *frameWriter
	bytes  []byte
	// Where the last frame begins; it grows while what comes is of its stream.
	last   int
	sentAt time.Time
}

// space is where the next bytes of a stream are to be put, for add to take them up.
func (b *batch) space(kind byte) []byte {
	if b.bytes == nil {
		b.bytes = make([]byte, 0, batchBytes+headerBytes+readBytes)
	}
	at := len(b.bytes)
	if !b.growsOn(kind) {
		at += headerBytes
	}
	return b.bytes[at : at+readBytes]
}

// add takes up the first n bytes of the space.
func (b *batch) add(kind byte, n int) {
	if n == 0 {
		return
	}
	if !b.growsOn(kind) {
		b.last = len(b.bytes)
		b.bytes = b.bytes[:b.last+headerBytes]
	}
	b.bytes = b.bytes[:len(b.bytes)+n]
	putHeader(b.bytes[b.last:], runChannel, kind)
}

func (b *batch) growsOn(kind byte) bool {
	return len(b.bytes) > 0 && b.bytes[b.last+kindAt] == kind
}

// due tells whether to send now, whatever else is there to be taken.
func (b *batch) due() bool {
	return len(b.bytes) > 0 && (len(b.bytes) >= batchBytes || time.Since(b.sentAt) >= batchEvery)
}

// patience is how long to wait for more, in milliseconds; -1 is for ever.
func (b *batch) patience() int {
	if len(b.bytes) == 0 {
		return -1
	}
	return int(batchEvery / time.Millisecond)
}

func (b *batch) send() {
	if len(b.bytes) == 0 {
		return
	}
	_ = b.frames.write(b.bytes)
	b.bytes, b.last = b.bytes[:0], 0
	b.sentAt = time.Now()
}
