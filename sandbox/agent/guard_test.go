package main

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func said(t *testing.T, script string) string {
	t.Helper()
	frames, _ := shell(t, script, keepAll(frameOut), keepAll(frameErr))
	return strings.TrimSpace(textOf(frames, "OX"))
}

func TestTheKernelEndsProgramsAheadOfTheAgent(t *testing.T) {
	if got := said(t, "cat /proc/self/oom_score_adj"); got != "1000" {
		t.Errorf("a program has %q", got)
	}
	if ownScore.file == nil || ownScore.own >= endFirst {
		t.Error("the agent has", ownScore.own)
	}
	// On a busy machine a program may look before the agent has come back from starting it.
	lookUntilOther := "for look in $(seq 1000); do score=$(cat /proc/1/oom_score_adj); [ $score != 1000 ] && break; done; echo $score"
	if got := said(t, lookUntilOther); got != strconv.Itoa(ownScore.own) {
		t.Errorf("the agent has %q, not the %d that it took", got, ownScore.own)
	}
}

func TestAProgramWritesToItsFoldersAndNotToProc(t *testing.T) {
	if got := said(t, "echo a > /w/here && echo b > /tmp/here && echo c > /dev/null && cat /w/here /tmp/here"); got != "a\nb" {
		t.Error(got)
	}
	const askVersion = 1
	version, _, _ := syscall.Syscall(sysLandlockCreateRuleset, 0, 0, askVersion)
	got := said(t, "echo 1000 2>/dev/null > /proc/self/oom_score_adj && echo written || echo refused")
	// Without Landlock the file's own rights let a program write the score that it has.
	if want := map[bool]string{true: "refused", false: "written"}[int(version) >= 2]; !strings.HasSuffix(got, want) {
		t.Errorf("%q with Landlock %d", got, int(version))
	}
}

func TestTheAgentCannotBeOpenedFromInside(t *testing.T) {
	if got := said(t, "cat /proc/1/environ >/dev/null 2>&1 && echo open; ls /proc/1/fd >/dev/null 2>&1 && echo open; echo end"); got != "end" {
		t.Error(got)
	}
}

func TestEverySignalThatCanBeCaughtIsCaught(t *testing.T) {
	const all, uncatchable = ^uint64(0), 1<<(syscall.SIGKILL-1) | 1<<(syscall.SIGSTOP-1)
	mask := said(t, "sed -n 's/^SigCgt:\\s*//p' /proc/1/status")
	caught, err := strconv.ParseUint(mask, 16, 64)
	if err != nil || caught != all&^uncatchable {
		t.Errorf("caught are %q: %v", mask, err)
	}
}

func TestSignalsOfAProgramDoNotEndTheAgent(t *testing.T) {
	if got := said(t, "for signal in $(seq 64); do kill -$signal 1; done; echo lives"); got != "lives" {
		t.Error(got)
	}
}
