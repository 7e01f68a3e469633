package main

import (
	"strings"
	"syscall"
	"testing"
)

// untilNone waits until all children are reaped, as killAll does, and kills none.
func untilNone(c *children) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for c.alive {
		c.none.Wait()
	}
}

func TestOrphansAreReaped(t *testing.T) {
	frames, end := shell(t, "(true & true &); exit 3", keepAll(frameOut), keepAll(frameErr))
	if end.status.ExitStatus() != 3 {
		t.Error(end.status, textOf(frames, "X"))
	}
	untilNone(allOfThem)
	if left := others(t); len(left) > 0 {
		t.Error("left:", left)
	}
}

func TestKillAllLeavesNoProcess(t *testing.T) {
	program, err := startProcess(allOfThem, workspace, "/bin/sh", []string{"sh", "-c", "trap '' TERM HUP; setsid sleep 60 & sleep 60 & echo up; wait"}, environment(workspace, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer program.output.close()
	started := make([]byte, 3)
	for n := 0; n < len(started); {
		got, err := syscall.Read(program.output.outlets[0].descriptor, started[n:])
		if err != nil && err != syscall.EAGAIN {
			t.Fatal(err)
		}
		n += max(0, got)
	}
	allOfThem.killAll()
	if end := <-program.done; end.status.Signal() != syscall.SIGKILL {
		t.Error(end.status)
	}
	if left := others(t); len(left) > 0 {
		t.Error("left:", left)
	}
}

func TestThePeakIsOfTheLargestSinceTheReset(t *testing.T) {
	allOfThem.resetPeak()
	if allOfThem.peakBytes() != 0 {
		t.Error(allOfThem.peakBytes())
	}
	shell(t, "head -c 30000000 /dev/zero | tail -c 30000000 > /dev/null", keepAll(frameOut), keepAll(frameErr))
	untilNone(allOfThem)
	if peak := allOfThem.peakBytes(); peak < 30_000_000 || peak > 300_000_000 {
		t.Error(peak)
	}
}

func TestAProgramThatIsNotThereIsNamed(t *testing.T) {
	_, err := startProcess(allOfThem, workspace, "/no/such", []string{"such"}, nil)
	if err == nil || !strings.Contains(err.Error(), "/no/such") {
		t.Error(err)
	}
}
