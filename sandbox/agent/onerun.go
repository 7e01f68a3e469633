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
	// A binary that came ahead of START.
	cached []byte
	// The run, from START on.
	job *job
}

func (r *oneRun) handlers() handlers {
	return handlers{
		frameBinary:   r.binary,
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

func (r *oneRun) binary(payload []byte) error {
	if r.job != nil {
		return errors.New("a BINARY after START")
	}
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
	go func(j *job) {
		message := j.run()
		_ = r.frames.sendJSON(runChannel, frameExit, message)
		if j.built != nil {
			_ = r.frames.send(runChannel, frameBinary, j.built)
		}
	}(r.job)
	return nil
}
