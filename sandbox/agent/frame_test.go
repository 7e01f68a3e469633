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
	// Of a terminal.
	Output struct {
		Channel        uint16
		Taken          uint64
		Bytes, Payload string
	}
	Refused []struct{ Name, Bytes, Error string }
	Cut     []struct{ Name, Bytes string }
	Start   json.RawMessage
	Exit    json.RawMessage
	// How a terminal ended.
	TerminalEnd   json.RawMessage
	ToFiles       map[string]string
	FromFiles     map[string]string
	FilesCommands []json.RawMessage
	FilesEvents   []json.RawMessage
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
		"start": frameStart, "binary": frameBinary, "file": frameFile, "bytes": frameBytes, "stdin": frameStdin,
		"stdinEnd": frameStdinEnd, "stop": frameStop,
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
	toFiles, fromFiles := letters(map[string]byte{"command": frameFiles}), letters(map[string]byte{"event": frameFiles})
	if !reflect.DeepEqual(shared.ToFiles, toFiles) || !reflect.DeepEqual(shared.FromFiles, fromFiles) {
		t.Errorf("to the files %v, from them %v", shared.ToFiles, shared.FromFiles)
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

func TestSharedOutputOfATerminalIsWrittenAlike(t *testing.T) {
	vector := readShared(t).Output
	var sent bytes.Buffer
	terminal := &terminal{channel: vector.Channel, frames: &frameWriter{to: &sent}, flow: newFlow(1, 0)}
	terminal.send(append(make([]byte, outputHead), unhex(t, vector.Payload)...), vector.Taken)
	if !bytes.Equal(sent.Bytes(), unhex(t, vector.Bytes)) {
		t.Errorf("wrote %x", sent.Bytes())
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
		comesOutAlike(t, name, message.content, message.into)
	}
}

func comesOutAlike(t *testing.T, name string, content []byte, message any) {
	t.Helper()
	again, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	strictly(t, again, &got)
	strictly(t, content, &want)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s comes out as %s", name, again)
	}
}

func TestSharedMessagesOfTheFilesHaveTheSameFields(t *testing.T) {
	shared := readShared(t)
	for _, content := range shared.FilesCommands {
		var c filesCommand
		strictly(t, content, &c)
		// A command has the fields of its type, and the zero values of others.
		var want map[string]any
		strictly(t, content, &want)
		again, _ := json.Marshal(c)
		var got map[string]any
		strictly(t, again, &got)
		for name, value := range want {
			if !reflect.DeepEqual(got[name], value) {
				t.Errorf("%s comes out as %s", content, again)
			}
		}
	}
	events := []any{
		&filesDone{}, &filesText{}, &filesBinary{}, &filesBytes{}, &filesRefused{}, &filesChanged{},
	}
	if len(shared.FilesEvents) != len(events) {
		t.Fatal(len(shared.FilesEvents), "events")
	}
	for index, content := range shared.FilesEvents {
		strictly(t, content, events[index])
		if changed, ok := events[index].(*filesChanged); ok {
			changed.Changes = []any{
				moveChange{"moved", "a", "b"}, placeChange{"gone", "c"}, placeChange{"folder", "d"},
				fileChange{"file", "d/e", 9, 0, 3},
			}
		}
		comesOutAlike(t, "an event", content, events[index])
	}
}
