package main

import (
	"bytes"
	"os"
	"reflect"
	"strconv"
	"testing"
)

// script is a language for tests: its entry is a shell script.
type script struct{}

func (script) prepare(*children) error        { return nil }
func (script) compile(*job) (*outcome, error) { return nil, nil }
func (script) launch(j *job) (*process, error) {
	return startProcess(j.children, j.folder(), "/bin/sh", []string{"sh", workspace + "/main.sh"}, environment(j.folder(), j.start.Env))
}

func startOf(text string) startMessage {
	return startMessage{
		Entry: "main.sh",
		Files: []startFile{{Path: "main.sh", Text: text}},
		Limits: startLimits{
			WallMs: 120_000, CPUMs: 120_000, CompileMs: 120_000, KeptBytes: 1 << 20, FloodBytes: 1 << 20, StdinBytes: 1_000,
			BinaryBytes: 1_000,
		},
	}
}

// carryOut does one run; `prepare` is called before it begins.
func carryOut(t *testing.T, l language, start startMessage, prepare func(*job)) (exitMessage, []frame) {
	t.Helper()
	place(t)
	var sent bytes.Buffer
	j := newJob(start, nil, l, allOfThem, findCgroup(), &frameWriter{to: &sent})
	if prepare != nil {
		prepare(j)
	}
	exit := j.run()
	if left := others(t); len(left) > 0 {
		t.Error("left:", left)
	}
	return exit, framesIn(t, &sent)
}

func TestARunEndsWithTheProgramsCode(t *testing.T) {
	start := startOf("echo $NAME; pwd; sleep 60 & exit 7")
	start.Env, start.Files, start.Folder = map[string]string{"NAME": "value"}, append(start.Files, startFile{Path: "sub/x"}), "sub"
	exit, frames := carryOut(t, script{}, start, nil)
	if exit.Reason != endExit || *exit.Code != 7 || exit.Signal != "" || len(exit.Limits) > 0 {
		t.Errorf("%+v", exit)
	}
	if frames[0].kind != framePhase || string(frames[0].payload) != "running" || textOf(frames, "O") != "value\n/w/sub\n" {
		t.Errorf("%q", frames)
	}
}

func TestARunEndsWithTheProgramsSignal(t *testing.T) {
	exit, _ := carryOut(t, script{}, startOf("kill -SEGV $$"), nil)
	if exit.Reason != endSignal || exit.Signal != "SIGSEGV" || exit.Code != nil {
		t.Errorf("%+v", exit)
	}
}

func TestEveryExitCodeAndDeathIsToldAsItself(t *testing.T) {
	j := newJob(startMessage{}, nil, nil, allOfThem, cgroup{}, nil)
	tell := func(script string) string {
		_, end := shell(t, script, keepAll(frameOut), keepAll(frameErr))
		out := j.judge(end)
		code := "none"
		if out.code != nil {
			code = strconv.Itoa(*out.code)
		}
		return string(out.reason) + " " + code + " " + out.signal
	}
	for code := range 256 {
		if got, want := tell("exit "+strconv.Itoa(code)), "exit "+strconv.Itoa(code)+" "; got != want {
			t.Error(got, "not", want)
		}
	}
	for _, signal := range []string{"HUP", "INT", "QUIT", "ILL", "ABRT", "KILL", "SEGV", "TERM"} {
		if got, want := tell("kill -"+signal+" $$"), "signal none SIG"+signal; got != want {
			t.Error(got, "not", want)
		}
	}
}

func TestLimitsEndARun(t *testing.T) {
	for reason, limited := range map[endReason]struct {
		text   string
		change func(*startLimits)
	}{
		endWall:   {"trap '' TERM; sleep 60", func(l *startLimits) { l.WallMs = 200 }},
		endCPU:    {"while :; do :; done", func(l *startLimits) { l.CPUMs = 200 }},
		endOutput: {"while :; do echo flood; done", func(l *startLimits) { l.KeptBytes, l.FloodBytes = 10, 100_000 }},
	} {
		t.Run(string(reason), func(t *testing.T) {
			start := startOf(limited.text)
			limited.change(&start.Limits)
			exit, frames := carryOut(t, script{}, start, nil)
			if exit.Reason != reason || exit.Signal != "SIGKILL" || len(exit.Limits) > 0 {
				t.Errorf("%+v", exit)
			}
			if reason == endOutput && (textOf(frames, "O") != "flood\nfloo" || exit.TruncatedOut < 90_000) {
				t.Errorf("%q, %d", textOf(frames, "O"), exit.TruncatedOut)
			}
		})
	}
}

func TestAnExitCodeStandsAboveALimitThatWasMet(t *testing.T) {
	start := startOf("head -c 200000 /dev/zero; exit 0")
	start.Limits.KeptBytes, start.Limits.FloodBytes = 10, 199_999
	j := newJob(start, nil, nil, nil, cgroup{}, nil)
	j.decide(endOutput)
	code := 0
	if out := j.judge(ended{}); out.reason != endExit || !reflect.DeepEqual(out.code, &code) {
		t.Errorf("%+v", out)
	}
	if struck := j.struck(endExit); !reflect.DeepEqual(struck, []struckLimit{{endOutput, 1}}) {
		t.Errorf("%+v", struck)
	}
}

func TestAStopAsksTheProgramFirst(t *testing.T) {
	exit, frames := carryOut(t, script{}, startOf("echo up; exec sleep 600"), func(j *job) {
		j.grace = patience
		j.stdout.flood, j.stdout.onFlood = 1, func() { j.decide(endStopped) }
	})
	if exit.Reason != endStopped || exit.Signal != "SIGTERM" || textOf(frames, "O") != "up\n" {
		t.Errorf("%+v, %q", exit, textOf(frames, "O"))
	}
}

func TestAProgramThatHeedsNoStopIsKilled(t *testing.T) {
	exit, _ := carryOut(t, script{}, startOf("trap '' TERM; echo up; while :; do sleep 60; done"), func(j *job) {
		j.stdout.flood, j.stdout.onFlood = 1, func() { j.decide(endStopped) }
	})
	if exit.Reason != endStopped || exit.Signal != "SIGKILL" {
		t.Errorf("%+v", exit)
	}
}

func TestInputThatNobodyReadsIsCounted(t *testing.T) {
	start := startOf("read line; echo got $line")
	exit, frames := carryOut(t, script{}, start, func(j *job) {
		j.stdin.add([]byte("word\n"))
		j.stdin.add(make([]byte, 2_000))
	})
	if exit.StdinDropped != 2_000 || textOf(frames, "O") != "got word\n" {
		t.Errorf("%+v, %q", exit, textOf(frames, "O"))
	}
}

func TestFilesThatCannotBePlacedEndTheRunAheadOfEverything(t *testing.T) {
	start := startOf("echo never")
	start.Files = append(start.Files, start.Files[0])
	exit, frames := carryOut(t, script{}, start, nil)
	if exit.Reason != endFiles || exit.Message == "" || len(frames) > 0 {
		t.Errorf("%+v, %q", exit, frames)
	}
}

// built is a compiled language whose compiler is a shell script.
func built(t *testing.T, compiler string) *compiled {
	t.Helper()
	language := &compiled{plan: func(string) ([]step, error) {
		return []step{{path: "/bin/sh", argv: []string{"sh", "-c", compiler}}}, nil
	}}
	if err := language.prepare(nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(buildDir) })
	return language
}

func TestACompilersRefusalEndsTheRun(t *testing.T) {
	exit, frames := carryOut(t, built(t, "echo about; echo wrong >&2; exit 2"), startOf(""), nil)
	if exit.Reason != endCompile || *exit.Code != 2 || !exit.Compiling {
		t.Errorf("%+v", exit)
	}
	if textOf(frames, "P") != "compiling" || textOf(frames, "X") != "about\nwrong\n" {
		t.Errorf("%q", frames)
	}
}

func TestACompiledProgramIsRunAndHandedOver(t *testing.T) {
	const program = "#!/bin/sh\necho ran\n"
	compiler := "cat /w/main.sh > " + binaryPath + "; chmod +x " + binaryPath
	exit, frames := carryOut(t, built(t, compiler), startOf(program), nil)
	if exit.Reason != endExit || !exit.Binary || textOf(frames, "P") != "compilingrunning" || textOf(frames, "O") != "ran\n" {
		t.Errorf("%+v, %q", exit, frames)
	}
	start := startOf(program)
	start.Limits.BinaryBytes = 5
	if exit, _ := carryOut(t, built(t, compiler), start, nil); exit.Binary {
		t.Error("a binary beyond the limit was kept")
	}
}

func TestACompilerHasATimeLimitOfItsOwn(t *testing.T) {
	start := startOf("")
	start.Limits.CompileMs = 200
	if exit, _ := carryOut(t, built(t, "sleep 60"), start, nil); exit.Reason != endWall || !exit.Compiling || exit.CompileMs < 200 {
		t.Errorf("%+v", exit)
	}
}

func TestABinaryOfAnEarlierRunIsNotCompiledAgain(t *testing.T) {
	exit, frames := carryOut(t, built(t, "exit 1"), startOf(""), func(j *job) {
		j.cached = []byte("#!/bin/sh\necho cached\n")
	})
	if exit.Reason != endExit || exit.Binary || textOf(frames, "P") != "running" || textOf(frames, "O") != "cached\n" {
		t.Errorf("%+v, %q", exit, frames)
	}
}
