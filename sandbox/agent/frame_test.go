package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"reflect"
	"testing"
)

// sharedFrames is testdata/frames.json; apps/runner/test/unit/frames.test.ts holds the runner against the same file.
type sharedFrames struct {
	HeaderBytes     int
	MaxPayloadBytes int
	RunChannel      int
	ToAgent         map[string]string
	FromAgent       map[string]string
	ToTerminal      map[string]string
	FromTerminal    map[string]string
	Frames          []struct {
		Name    string
		Bytes   string
		Channel uint16
		Type    string
		Payload string
	}
	Refused []struct{ Name, Bytes, Error string }
	Cut     []struct{ Name, Bytes string }
	Start   json.RawMessage
	Exit    json.RawMessage
	// How a terminal ended.
	TerminalEnd json.RawMessage
}

func readShared(t *testing.T) sharedFrames {
	t.Helper()
	content, err := os.ReadFile("testdata/frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared sharedFrames
	strictly(t, content, &shared)
	return shared
}

// strictly reads JSON that has no field more than `into`.
func strictly(t *testing.T, content []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestSharedSizesChannelAndTypes(t *testing.T) {
	shared := readShared(t)
	if shared.HeaderBytes != headerBytes || shared.MaxPayloadBytes != maxPayloadBytes || shared.RunChannel != runChannel {
		t.Errorf("header %d, payload %d, channel %d", shared.HeaderBytes, shared.MaxPayloadBytes, shared.RunChannel)
	}
	letters := func(kinds map[string]byte) map[string]string {
		named := map[string]string{}
		for name, kind := range kinds {
			named[name] = string(kind)
		}
		return named
	}
	toAgent := letters(map[string]byte{
		"start": frameStart, "binary": frameBinary, "stdin": frameStdin, "stdinEnd": frameStdinEnd, "stop": frameStop,
	})
	fromAgent := letters(map[string]byte{
		"ready": frameReady, "phase": framePhase, "stdout": frameOut, "stderr": frameErr, "exit": frameExit,
		"binary": frameBinary,
	})
	toTerminal := letters(map[string]byte{
		"open": frameOpen, "input": frameKeys, "resize": frameResize, "read": frameRead, "hangUp": frameHangUp,
	})
	fromTerminal := letters(map[string]byte{"output": frameOutput, "ended": frameEnded})
	if !reflect.DeepEqual(shared.ToTerminal, toTerminal) || !reflect.DeepEqual(shared.FromTerminal, fromTerminal) {
		t.Errorf("to a terminal %v, from it %v", shared.ToTerminal, shared.FromTerminal)
	}
	if !reflect.DeepEqual(shared.ToAgent, toAgent) || !reflect.DeepEqual(shared.FromAgent, fromAgent) {
		t.Errorf("to the agent %v, from it %v", shared.ToAgent, shared.FromAgent)
	}
}

func TestSharedFramesAreReadAndWrittenAlike(t *testing.T) {
	for _, vector := range readShared(t).Frames {
		t.Run(vector.Name, func(t *testing.T) {
			want, payload := unhex(t, vector.Bytes), unhex(t, vector.Payload)
			var sent bytes.Buffer
			if err := (&frameWriter{to: &sent}).send(vector.Channel, vector.Type[0], payload); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(sent.Bytes(), want) {
				t.Errorf("wrote %x", sent.Bytes())
			}
			f, err := readFrame(bytes.NewReader(want))
			if err != nil || f.channel != vector.Channel || f.kind != vector.Type[0] || !bytes.Equal(f.payload, payload) {
				t.Errorf("read %+v, %v", f, err)
			}
		})
	}
}

func TestSharedFramesAreRefusedAlike(t *testing.T) {
	for _, vector := range readShared(t).Refused {
		t.Run(vector.Name, func(t *testing.T) {
			if _, err := readFrame(bytes.NewReader(unhex(t, vector.Bytes))); err == nil || err.Error() != vector.Error {
				t.Error(err)
			}
		})
	}
}

func TestCutFramesAreNoFrames(t *testing.T) {
	for _, vector := range readShared(t).Cut {
		t.Run(vector.Name, func(t *testing.T) {
			if _, err := readFrame(bytes.NewReader(unhex(t, vector.Bytes))); err != io.ErrUnexpectedEOF {
				t.Error(err)
			}
		})
	}
}

func TestSharedMessagesHaveTheSameFields(t *testing.T) {
	shared := readShared(t)
	for name, message := range map[string]struct {
		content json.RawMessage
		into    any
	}{
		"START": {shared.Start, &startMessage{}},
		"EXIT":  {shared.Exit, &exitMessage{}},
		"ENDED": {shared.TerminalEnd, &terminalEnd{}},
	} {
		strictly(t, message.content, message.into)
		again, err := json.Marshal(message.into)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		strictly(t, again, &got)
		strictly(t, message.content, &want)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s comes out as %s", name, again)
		}
	}
}
