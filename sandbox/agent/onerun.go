package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// Nothing of a run outlives five minutes, whoever forgets it. The runner ends it long before.
const lastResort = 290 * time.Second

// oneRun is the channel of the run: it takes one START and what goes with it.
type oneRun struct {
	language language
	children *children
	frames   *frameWriter
	// What came ahead of START: a binary, and files that are no text.
	cached []byte
	blobs  blobFiles
	// The run, from START on.
	job *job
}

func (r *oneRun) handlers() handlers {
	return handlers{
		frameBinary:   r.ahead(r.binary),
		frameFile:     r.ahead(func(payload []byte) error { r.blobs.begin(string(payload)); return nil }),
		frameBytes:    r.ahead(r.blobs.add),
		frameStart:    r.start,
		frameStdin:    r.going(func(j *job, payload []byte) { j.stdin.add(payload) }),
		frameStdinEnd: r.going(func(j *job, _ []byte) { j.stdin.end() }),
		frameStop:     r.going(func(j *job, _ []byte) { j.decide(endStopped) }),
	}
}

// going is the handler of a frame that only a run which was started takes.
func (r *oneRun) going(take func(j *job, payload []byte)) func([]byte) error {
	return func(payload []byte) error {
		if r.job == nil {
			return errors.New("a frame for the run ahead of START")
		}
		take(r.job, payload)
		return nil
	}
}

// ahead is the handler of a frame that comes before START.
func (r *oneRun) ahead(take func(payload []byte) error) func([]byte) error {
	return func(payload []byte) error {
		if r.job != nil {
			return errors.New("a frame for the workspace after START")
		}
		return take(payload)
	}
}

func (r *oneRun) binary(payload []byte) error {
	r.cached = payload
	return nil
}

func (r *oneRun) start(payload []byte) error {
	if r.job != nil {
		return errors.New("a second START")
	}
	var start startMessage
	if err := json.Unmarshal(payload, &start); err != nil {
		return fmt.Errorf("a START that cannot be read: %w", err)
	}
	time.AfterFunc(lastResort, func() { os.Exit(1) })
	r.job = newJob(start, r.cached, r.language, r.children, findCgroup(), r.frames)
	r.cached = nil
	r.job.unplaced = r.blobs.finish()
	go func(j *job) {
		message := j.run()
		_ = r.frames.sendJSON(runChannel, frameExit, message)
		if j.built != nil {
			_ = r.frames.send(runChannel, frameBinary, j.built)
		}
	}(r.job)
	return nil
}
