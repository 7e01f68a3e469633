package main

import (
	"os"
	"strconv"
	"testing"
)

func TestAStoppedProgramHeedsAHangUp(t *testing.T) {
	program, err := startProcess(allOfThem, workspace, "/bin/sh", []string{"sh", "-c", "trap 'exit 3' HUP; kill -STOP $$; exit 4"}, environment(workspace, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer program.output.close()
	for state := byte(0); state != 'T'; {
		stat, _ := os.ReadFile("/proc/" + strconv.Itoa(program.pid) + "/stat")
		state, _ = stateAndSession(string(stat))
	}
	endSession(program.pid, patience)
	if end := <-program.done; end.status.ExitStatus() != 3 {
		t.Error(end.status)
	}
}

func TestTheSessionIsReadPastAnyProgramsName(t *testing.T) {
	if state, session := stateAndSession("12 (a) S 1 (2) R 1 12 34 0"); state != 'R' || session != 34 {
		t.Error(string(state), session)
	}
	if state, _ := stateAndSession(""); state != 'X' {
		t.Error(string(state))
	}
}
