package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// language is how one language gets from files in the workspace to a running program.
type language interface {
	// prepare does what can be done before the code is known.
	prepare(c *children) error
	// compile returns an outcome when the run ends with the build, nil when there is something to launch.
	compile(j *job) (*outcome, error)
	launch(j *job) (*process, error)
}

// outcome is how a phase of the run ended.
type outcome struct {
	reason endReason
	code   *int
	signal string
}

const (
	// How long a program that catches SIGTERM may still do something after a stop.
	stopGrace = 150 * time.Millisecond
	// The limits that have no event of their own are looked at this often.
	watchEvery = 100 * time.Millisecond
	// A program may live with some refused forks. One that goes on like this is a fork bomb.
	bombForks = 64
	// Nobody can still be writing once all are killed. This bounds the wait for a kernel that is slow to say so.
	drainLimit = 2 * time.Second
)

// job is the one run of this sandbox.
type job struct {
	start    startMessage
	language language
	children *children
	cgroup   cgroup
	frames   *frameWriter
	stdin    *input
	stdout   *stream
	stderr   *stream
	cached   []byte
	// Why files that came ahead of START are not in the workspace.
	unplaced error
	built    []byte
	grace    time.Duration

	compiling    bool
	began        time.Time
	ranFrom      time.Time
	compileFor   time.Duration
	compileLimit *time.Timer
	cpuAtStart   int64
	// What had struck before the phase that is going on, the compile or the program.
	oomAtStart int64
	pidAtStart int64

	decideOnce sync.Once
	decided    chan struct{}
	verdict    endReason
}

func newJob(start startMessage, cached []byte, l language, c *children, g cgroup, frames *frameWriter) *job {
	j := &job{
		start: start, language: l, children: c, cgroup: g, frames: frames, cached: cached, grace: stopGrace,
		stdin: newInput(start.Limits.StdinBytes), decided: make(chan struct{}),
	}
	output := func(kind byte) *stream {
		return &stream{
			kind: kind, kept: start.Limits.KeptBytes, flood: start.Limits.FloodBytes,
			onFlood: func() { j.decide(endOutput) },
		}
	}
	j.stdout, j.stderr = output(frameOut), output(frameErr)
	return j
}

// decide ends the run for a reason of ours; the first reason stands. Safe from any goroutine.
func (j *job) decide(reason endReason) {
	j.decideOnce.Do(func() {
		j.verdict = reason
		close(j.decided)
	})
}

// run does everything and returns what EXIT says. It leaves no process behind.
func (j *job) run() exitMessage {
	j.began = time.Now()
	j.cpuAtStart = j.cpuNs()
	j.oomAtStart, j.pidAtStart = j.cgroup.oomKills(), j.cgroup.refusedForks()
	err := j.unplaced
	if err == nil {
		err = writeFiles(j.start.Files)
	}
	if err != nil {
		return exitMessage{Reason: endFiles, Message: err.Error()}
	}
	watching := make(chan struct{})
	defer close(watching)
	go j.watch(watching)

	out, err := j.language.compile(j)
	if out == nil && err == nil {
		j.endCompile()
		out, err = j.execute()
	}
	j.children.killAll()
	if err != nil {
		return exitMessage{Reason: endBroken, Message: err.Error()}
	}
	return j.report(out)
}

// execute runs the program to its end.
func (j *job) execute() (*outcome, error) {
	j.children.resetPeak()
	j.ranFrom = time.Now()
	program, err := j.language.launch(j)
	if err != nil {
		return nil, err
	}
	_ = j.frames.send(runChannel, framePhase, []byte("running"))
	go j.stdin.feed(program.stdin)
	deadline := time.AfterFunc(time.Duration(j.start.Limits.WallMs)*time.Millisecond, func() { j.decide(endWall) })
	defer deadline.Stop()
	return j.await(program, j.stdout, j.stderr), nil
}

// folder is where the program stands.
func (j *job) folder() string {
	return filepath.Join(workspace, j.start.Folder)
}

// beginCompile tells the runner that a compiler is at work and bounds its time.
func (j *job) beginCompile() {
	j.compiling = true
	_ = j.frames.send(runChannel, framePhase, []byte("compiling"))
	limit := time.Duration(j.start.Limits.CompileMs) * time.Millisecond
	j.compileLimit = time.AfterFunc(limit, func() { j.decide(endWall) })
}

func (j *job) endCompile() {
	if j.compiling {
		j.compileLimit.Stop()
		j.compileFor = time.Since(j.began)
		j.compiling = false
		j.oomAtStart, j.pidAtStart = j.cgroup.oomKills(), j.cgroup.refusedForks()
	}
}

// build runs one compiler; a nil outcome is success.
func (j *job) build(s step) (*outcome, error) {
	compiler, err := startProcess(j.children, workspace, s.path, s.argv, environment(workspace, nil, s.env...))
	if err != nil {
		return nil, err
	}
	compiler.stdin.Close()
	out := j.await(compiler, j.stderr, j.stderr)
	if out.reason == endExit && *out.code == 0 {
		return nil, nil
	}
	if out.reason == endExit {
		out.reason = endCompile
	}
	return out, nil
}

// await carries a process's output until it has ended by itself or by a verdict, and its pipes are empty.
func (j *job) await(p *process, stdout, stderr *stream) *outcome {
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		p.output.carry(j.frames, stdout, stderr)
	}()
	var end ended
	select {
	case end = <-p.done:
	case <-j.decided:
		end = j.interrupt(p)
	}
	if !j.compiling {
		j.children.killAll()
	}
	select {
	case <-drained:
	case <-time.After(drainLimit):
	}
	return j.judge(end)
}

// interrupt kills the process and all others; after a stop it first asks.
func (j *job) interrupt(p *process) ended {
	if j.verdict == endStopped && !j.compiling {
		_ = syscall.Kill(-1, syscall.SIGTERM)
		select {
		case end := <-p.done:
			return end
		case <-time.After(j.grace):
		}
	}
	j.children.killAll()
	return <-p.done
}

// judge says how the process ended. A process that returned a code ended by itself, whatever else struck. A process
// that was killed was killed by our verdict, by the kernel for memory, or by whoever sent the signal.
func (j *job) judge(end ended) *outcome {
	out := &outcome{}
	if end.status.Signaled() {
		out.reason, out.signal = endSignal, signalName(end.status.Signal())
	} else {
		code := end.status.ExitStatus()
		out.reason, out.code = endExit, &code
	}
	killed := end.status.Signal() == syscall.SIGKILL
	verdict, decided := j.decision()
	switch {
	case decided && (killed || verdict == endStopped):
		out.reason = verdict
	case killed && j.cgroup.oomKills() > j.oomAtStart:
		out.reason = endMemory
	}
	return out
}

// decision is our verdict so far, if there is one.
func (j *job) decision() (verdict endReason, decided bool) {
	select {
	case <-j.decided:
		return j.verdict, true
	default:
		return "", false
	}
}

// struck lists the limits that the run met beside the reason that it ended for.
func (j *job) struck(reason endReason) []struckLimit {
	times := map[endReason]int64{
		endMemory: j.cgroup.oomKills() - j.oomAtStart,
		endPids:   j.cgroup.refusedForks() - j.pidAtStart,
	}
	if verdict, decided := j.decision(); decided && verdict != endStopped {
		times[verdict] = max(1, times[verdict])
	}
	var struck []struckLimit
	for _, limit := range []endReason{endWall, endCPU, endMemory, endPids, endOutput} {
		if limit != reason && times[limit] > 0 {
			struck = append(struck, struckLimit{Limit: limit, Times: times[limit]})
		}
	}
	return struck
}

// watch looks after the limits of the whole sandbox that the kernel counts but does not enforce.
func (j *job) watch(over <-chan struct{}) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
			if j.cpuNs()-j.cpuAtStart > j.start.Limits.CPUMs*int64(time.Millisecond) {
				j.decide(endCPU)
			}
			if j.cgroup.refusedForks()-j.pidAtStart > bombForks {
				j.decide(endPids)
			}
		}
	}
}

// cpuNs is the processor time of all the sandbox's processes but this one.
func (j *job) cpuNs() int64 {
	var own syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &own)
	return j.cgroup.cpuNs() - own.Utime.Nano() - own.Stime.Nano()
}

// say writes to the run's stderr as the compiler would.
func (j *job) say(text string) {
	j.stderr.total.Add(int64(len(text)))
	_ = j.frames.send(runChannel, frameErr, []byte(text))
}

func (j *job) report(out *outcome) exitMessage {
	message := exitMessage{
		Reason: out.reason, Code: out.code, Signal: out.signal, Limits: j.struck(out.reason),
		CPUMs:        max(0, float64((j.cpuNs()-j.cpuAtStart)/1e3)/1e3),
		PeakBytes:    j.children.peakBytes(),
		Compiling:    j.compiling,
		TruncatedOut: j.stdout.truncated(),
		TruncatedErr: j.stderr.truncated(),
		StdinDropped: j.stdin.droppedBytes(),
		CompileMs:    milliseconds(j.compileFor),
		Binary:       j.built != nil,
	}
	if j.compiling {
		message.CompileMs = milliseconds(time.Since(j.began))
	} else {
		message.WallMs = milliseconds(time.Since(j.ranFrom))
	}
	return message
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

func signalName(signal syscall.Signal) string {
	if name, known := signalNames[signal]; known {
		return name
	}
	return fmt.Sprintf("SIG%d", int(signal))
}
