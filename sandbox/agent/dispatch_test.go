package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func sentBy(frames ...frame) *bytes.Buffer {
	var sent bytes.Buffer
	writer := &frameWriter{to: &sent}
	for _, f := range frames {
		_ = writer.send(f.channel, f.kind, f.payload)
	}
	return &sent
}

func TestFramesGoToTheHandlerOfTheirChannelAndType(t *testing.T) {
	var taken []string
	take := func(name string) func([]byte) error {
		return func(payload []byte) error {
			taken = append(taken, name+string(payload))
			return nil
		}
	}
	d := dispatcher{0: {'A': take("0A "), 'B': take("0B ")}, 700: {'A': take("700A ")}}
	err := serve(sentBy(frame{0, 'B', []byte("x")}, frame{700, 'A', nil}, frame{0, 'A', []byte("y")}), d)
	if err != nil || !slices.Equal(taken, []string{"0B x", "700A ", "0A y"}) {
		t.Error(taken, err)
	}
}

func TestFramesThatNobodyTakesEndTheSandbox(t *testing.T) {
	d := dispatcher{0: {'A': func([]byte) error { return nil }}}
	for _, f := range []frame{{0, 'B', nil}, {1, 'A', nil}} {
		if err := serve(sentBy(f), d); err == nil || !strings.Contains(err.Error(), "does not take it") {
			t.Error(f, err)
		}
	}
}

func TestARefusalOfAHandlerEndsTheSandbox(t *testing.T) {
	refusal := errors.New("out of turn")
	d := dispatcher{0: {'A': func([]byte) error { return refusal }}}
	if err := serve(sentBy(frame{0, 'A', nil}), d); err != refusal {
		t.Error(err)
	}
}

func TestARunnerThatGoesInMidFrameIsNoError(t *testing.T) {
	sent := sentBy(frame{0, 'A', []byte("half")})
	sent.Truncate(sent.Len() - 2)
	if err := serve(sent, dispatcher{}); err != nil {
		t.Error(err)
	}
}

func TestTheRunTakesItsFramesInTheirOrder(t *testing.T) {
	ahead := (&oneRun{}).handlers()
	for _, kind := range []byte{frameStdin, frameStdinEnd, frameStop} {
		if ahead[kind](nil) == nil {
			t.Errorf("%q ahead of START was taken", kind)
		}
	}
	if err := ahead[frameBinary]([]byte("binary")); err != nil {
		t.Error(err)
	}
	started := (&oneRun{job: newJob(startMessage{}, nil, nil, nil, cgroup{}, nil)}).handlers()
	for _, kind := range []byte{frameBinary, frameFile, frameBytes, frameStart} {
		if started[kind]([]byte("{}")) == nil {
			t.Errorf("%q after START was taken", kind)
		}
	}
	for _, kind := range []byte{frameStdin, frameStdinEnd, frameStop} {
		if err := started[kind](nil); err != nil {
			t.Error(err)
		}
	}
	if ahead[frameStart]([]byte("no JSON")) == nil {
		t.Error("a START that cannot be read was taken")
	}
}
