package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestStreamsKeepTheOrderInWhichTheyWereWritten(t *testing.T) {
	frames, _ := shell(t, "i=0; while [ $i -lt 300 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done", keepAll(frameOut), keepAll(frameErr))
	var want strings.Builder
	for i := range 300 {
		fmt.Fprintf(&want, "out %d\nerr %d\n", i, i)
	}
	if got := textOf(frames, "OX"); got != want.String() {
		t.Errorf("%.200s …", got)
	}
	for _, f := range frames {
		if f.channel != runChannel {
			t.Fatal("output on channel", f.channel)
		}
	}
}

func TestAStreamIsCutAtItsLimitAndTheRestIsCounted(t *testing.T) {
	out, err := keepAll(frameOut), keepAll(frameErr)
	out.kept = 10
	frames, _ := shell(t, "printf 123456; printf 7890ab; echo all >&2; printf cd", out, err)
	if textOf(frames, "O") != "1234567890" || textOf(frames, "X") != "all\n" {
		t.Errorf("%q, %q", textOf(frames, "O"), textOf(frames, "X"))
	}
	if out.truncated() != 4 || err.truncated() != 0 {
		t.Error(out.truncated(), err.truncated())
	}
}

func TestAProgramWritesOnBeyondTheLimit(t *testing.T) {
	const written = 5_000_000
	out := keepAll(frameOut)
	out.kept = 100_000
	frames, _ := shell(t, fmt.Sprintf("head -c %d /dev/zero; echo done >&2", written), out, keepAll(frameErr))
	if len(textOf(frames, "O")) != 100_000 || out.truncated() != written-100_000 || textOf(frames, "X") != "done\n" {
		t.Error(len(textOf(frames, "O")), out.truncated(), textOf(frames, "X"))
	}
}

func TestAFloodIsTold(t *testing.T) {
	told := 0
	out := keepAll(frameOut)
	out.flood, out.onFlood = 4, func() { told++ }
	shell(t, "printf 1234", out, keepAll(frameErr))
	if told != 0 {
		t.Error("told at the limit")
	}
	shell(t, "printf 5", out, keepAll(frameErr))
	if told != 1 {
		t.Error("told", told, "times beyond it")
	}
}

func TestNothingIsLostOfLargeWrites(t *testing.T) {
	frames, _ := shell(t, "head -c 1000000 /dev/zero | tr '\\0' x", keepAll(frameOut), keepAll(frameErr))
	if got := textOf(frames, "O"); got != strings.Repeat("x", 1_000_000) {
		t.Error(len(got))
	}
}

func TestABatchHasOneFrameForEachStretch(t *testing.T) {
	var sent bytes.Buffer
	b := batch{frames: &frameWriter{to: &sent}}
	for _, piece := range []string{"Oab", "Oc", "Xd", "X", "Oe"} {
		n := copy(b.space(piece[0]), piece[1:])
		b.add(piece[0], n)
	}
	b.send()
	var got strings.Builder
	for _, f := range framesIn(t, &sent) {
		fmt.Fprintf(&got, "%c:%s ", f.kind, f.payload)
	}
	if got.String() != "O:abc X:d O:e " {
		t.Error(got.String())
	}
}
