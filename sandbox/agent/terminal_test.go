package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What a test waits for is there long before, on any machine.
const patience = 2 * time.Minute

// screen is the runner's end of a workspace: it keeps what the terminals say.
type screen struct {
	t    *testing.T
	all  *terminals
	lock sync.Mutex
	more *sync.Cond
	// By channel.
	output map[uint16][]byte
	// How many bytes of the keys are taken, and how much output there was then.
	taken   map[uint16]uint64
	takenAt map[uint16]int
	ends    map[uint16][]terminalEnd
	// Reads everything at once, but on these channels.
	deaf map[uint16]bool
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	place(t)
	if err := prepareHome(); err != nil {
		t.Fatal(err)
	}
	from, to := io.Pipe()
	s := &screen{t: t, output: map[uint16][]byte{}, taken: map[uint16]uint64{}, takenAt: map[uint16]int{}, ends: map[uint16][]terminalEnd{}, deaf: map[uint16]bool{}}
	s.more = sync.NewCond(&s.lock)
	s.all = newTerminals(allOfThem, &frameWriter{to: to})
	go func() {
		for {
			f, err := readFrame(from)
			if err != nil {
				return
			}
			s.hear(f)
		}
	}()
	t.Cleanup(func() {
		for channel := range s.ends {
			s.say(channel, frameHangUp, nil)
		}
		allOfThem.killAll()
		to.Close()
	})
	return s
}

func (s *screen) hear(f frame) {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch f.kind {
	case frameOutput:
		if len(s.ends[f.channel]) > 0 {
			s.t.Errorf("output after the end: %q", f.payload)
		}
		if len(f.payload) > takenBytes+terminalOutputBytes {
			s.t.Errorf("a frame of %d bytes", len(f.payload))
		}
		s.output[f.channel] = append(s.output[f.channel], f.payload[takenBytes:]...)
		if taken := binary.BigEndian.Uint64(f.payload); taken != s.taken[f.channel] {
			if taken < s.taken[f.channel] {
				s.t.Errorf("%d bytes taken after %d", taken, s.taken[f.channel])
			}
			s.taken[f.channel], s.takenAt[f.channel] = taken, len(s.output[f.channel])
		}
		if !s.deaf[f.channel] {
			go s.read(f.channel, len(s.output[f.channel]))
		}
	case frameEnded:
		var end terminalEnd
		if err := json.Unmarshal(f.payload, &end); err != nil {
			s.t.Error(err)
		}
		s.ends[f.channel] = append(s.ends[f.channel], end)
	default:
		s.t.Errorf("a frame %q", f.kind)
	}
	s.more.Broadcast()
}

func (s *screen) say(channel uint16, kind byte, payload []byte) {
	if err := s.all.take(frame{channel, kind, payload}); err != nil {
		s.t.Error(err)
	}
}

func (s *screen) open(channel uint16, cols, rows uint16) {
	s.say(channel, frameOpen, sizeOf(cols, rows))
}

func (s *screen) keys(channel uint16, text string) { s.say(channel, frameKeys, []byte(text)) }

func (s *screen) read(channel uint16, upTo int) {
	s.say(channel, frameRead, binary.BigEndian.AppendUint64(nil, uint64(upTo)))
}

func sizeOf(cols, rows uint16) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, cols), rows)
}

// until waits for a condition on what was heard.
func (s *screen) until(what string, condition func() bool) {
	s.t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		s.lock.Lock()
		defer s.lock.Unlock()
		late = true
		s.more.Broadcast()
	})
	defer timer.Stop()
	s.lock.Lock()
	defer s.lock.Unlock()
	for !condition() {
		if late {
			s.t.Fatalf("not in time: %s; heard %.2000q", what, s.output)
		}
		s.more.Wait()
	}
}

func (s *screen) untilShown(channel uint16, text string) {
	s.t.Helper()
	searched := 0
	s.until(text, func() bool {
		output := s.output[channel]
		shown := bytes.Contains(output[searched:], []byte(text))
		searched = max(0, len(output)-len(text))
		return shown
	})
}

func (s *screen) end(channel uint16) terminalEnd {
	s.t.Helper()
	s.until("the end", func() bool { return len(s.ends[channel]) > 0 })
	return s.ends[channel][0]
}

func (s *screen) shown(channel uint16) int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return len(s.output[channel])
}

// pidIn waits for NAME=PID and returns the number.
func (s *screen) pidIn(channel uint16, name string) (pid int) {
	s.t.Helper()
	line := regexp.MustCompile(name + `=(\d+)\r\n`)
	s.until(name, func() bool {
		found := line.FindSubmatch(s.output[channel])
		if found != nil {
			pid, _ = strconv.Atoi(string(found[1]))
		}
		return found != nil
	})
	return pid
}

func (k *keys) empty() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return len(k.held) == 0
}

func lives(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	state, _ := stateAndSession(string(stat))
	return err == nil && state != 'Z'
}

func TestAShellStandsInTheWorkspaceOnATerminalOfItsOwn(t *testing.T) {
	s := newScreen(t)
	s.open(1, 91, 33)
	s.keys(1, "stty size; pwd; tty; echo $HOME $TERM $COLORTERM $LANG; ps -o pid=,sid= -p $$ | xargs echo ids; cat /proc/self/oom_score_adj\n")
	for _, text := range []string{"33 91\r\n", "/w\r\n", "/dev/pts/", "/tmp/home xterm-256color truecolor C.UTF-8\r\n", "\n1000\r\n"} {
		s.untilShown(1, text)
	}
	s.keys(1, "echo 1000 > /proc/self/oom_score_adj || echo kept; ls /proc/$$/fd | xargs echo fds\n")
	s.untilShown(1, "fds 0 1 2 255\r\n")
	s.keys(1, "exit 7\n")
	if end := s.end(1); end.Code == nil || *end.Code != 7 || end.Signal != "" || end.Message != "" {
		t.Errorf("%+v", end)
	}
}

func TestASizeIsSetAndTold(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "trap 'echo told $(stty size)' WINCH; echo rea''dy\n")
	s.untilShown(1, "ready\r\n")
	s.say(1, frameResize, sizeOf(120, 40))
	s.keys(1, "\n")
	s.untilShown(1, "told 40 120\r\n")
}

func TestErasingTakesAWholeCharacterBack(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "sh -c 'echo rea\\dy; exec cat > typed'\n")
	s.untilShown(1, "ready\r\n")
	s.keys(1, "xé\x7fy\n\x04")
	s.keys(1, "wc -c typed; cat typed\n")
	s.untilShown(1, "3 typed\r\nxy\r\n")
}

func TestASignalOfTheShellIsItsEnd(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "kill -KILL $$\n")
	if end := s.end(1); end.Code != nil || end.Signal != "SIGKILL" {
		t.Errorf("%+v", end)
	}
}

func TestAllOutputComesBeforeTheEndThoughOthersHoldTheTerminal(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "setsid sleep 60 & trap '' HUP; sleep 60 & exec sh -c 'seq 1 2000; echo la''st'\n")
	s.end(1)
	if got := string(s.output[1]); !strings.HasSuffix(got, "2000\r\nlast\r\n") {
		t.Errorf("%.100q … %q", got, got[max(0, len(got)-100):])
	}
}

func TestCtrlCEndsAFloodAndAPromptFollows(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "PS1='pro''mpt '; yes\n")
	s.untilShown(1, "y\r\ny\r\n")
	s.keys(1, "\x03")
	s.untilShown(1, "^C")
	s.untilShown(1, "prompt ")
}

func TestATerminalThatNobodyReadsBlocksItsProgramAndNoOther(t *testing.T) {
	s := newScreen(t)
	s.deaf[1] = true
	s.open(1, 80, 24)
	s.open(2, 80, 24)
	s.keys(1, "yes | head -c 3000000; echo $((6*7))en''d\n")
	s.until("the pause", func() bool { return len(s.output[1]) > terminalPauseBytes })
	s.keys(2, "seq 1 50000; echo all''\n")
	s.untilShown(2, "50000\r\nall\r\n")
	if got := s.shown(1); got > terminalPauseBytes+terminalOutputBytes {
		t.Error(got, "bytes came without being read")
	}
	s.lock.Lock()
	s.deaf[1] = false
	at := len(s.output[1])
	s.lock.Unlock()
	s.read(1, at)
	s.untilShown(1, "42end\r\n")
	if got := strings.Count(string(s.output[1]), "y\r\n"); got != 1_500_000 {
		t.Error(got, "lines")
	}
}

func TestAFloodComesInLargeFrames(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "stty raw; head -c 20000000 /dev/zero; stty sane; echo do''ne\n")
	s.untilShown(1, "done")
	if got := len(s.output[1]); got < 20_000_000 {
		t.Error(got)
	}
}

func TestAHangUpEndsEverythingOfItsSessionAndNothingElse(t *testing.T) {
	s := newScreen(t)
	s.all.grace = patience
	s.open(1, 80, 24)
	s.open(2, 80, 24)
	s.keys(1, "sleep 61 & echo plain=$!\n")
	s.keys(1, "sleep 62 & kill -STOP $!; echo stopped=$!\n")
	s.keys(1, "setsid sh -c 'echo apart=$$; exec sleep 63' &\n")
	s.keys(2, "echo other=$$\n")
	pids := map[string]int{}
	for _, name := range []string{"plain", "stopped", "apart"} {
		pids[name] = s.pidIn(1, name)
	}
	other := s.pidIn(2, "other")
	s.keys(1, "yes\n")
	s.untilShown(1, "y\r\ny\r\n")
	s.say(1, frameHangUp, nil)
	if end := s.end(1); end.Signal != "SIGHUP" {
		t.Errorf("%+v", end)
	}
	for name, want := range map[string]bool{"plain": false, "stopped": false, "apart": true} {
		if lives(pids[name]) != want {
			t.Error(name, "lives:", !want)
		}
	}
	if !lives(other) {
		t.Error("the shell of another terminal is gone")
	}
}

func TestAHangUpEndsWhatIgnoresItAndWhatForks(t *testing.T) {
	s := newScreen(t)
	s.all.grace = 50 * time.Millisecond
	for channel, line := range map[uint16]string{
		1: "trap '' HUP TERM; echo up=$$; while :; do :; done\n",
		2: "trap '' HUP TERM; echo up=$$; exec python3 -c 'import os\nwhile 1:\n  try: os.fork()\n  except OSError: pass'\n",
		3: "(trap '' HUP TERM; echo up=$$; while :; do sleep 60; done) &\n",
	} {
		s.open(channel, 80, 24)
		s.keys(channel, line)
		session := s.pidIn(channel, "up")
		s.say(channel, frameHangUp, nil)
		// The third shell heeds the hang-up itself, if it comes to it.
		if end := s.end(channel); end.Signal != "SIGKILL" && channel != 3 {
			t.Errorf("%d: %+v", channel, end)
		}
		if left := processesOf(session); len(left) > 0 {
			t.Error("left:", left)
		}
	}
}

func TestAChannelIsUsedAgainAfterItsEnd(t *testing.T) {
	s := newScreen(t)
	s.open(3, 80, 24)
	s.keys(3, "exit\n")
	s.end(3)
	s.keys(3, "late")
	s.read(3, 5)
	s.say(3, frameHangUp, nil)
	s.lock.Lock()
	delete(s.ends, 3)
	delete(s.output, 3)
	s.lock.Unlock()
	s.open(3, 80, 24)
	s.keys(3, "echo a''gain; exit\n")
	s.untilShown(3, "again\r\n")
	if end := s.end(3); end.Code == nil {
		t.Errorf("%+v", end)
	}
}

func TestKeysThatNobodyReadsAreBoundedAndCtrlCGoesPastThem(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	s.keys(1, "stty -echo; PS1='pro''mpt '; sh -c 'echo rea\\dy; exec sleep 600'\n")
	s.untilShown(1, "ready\r\n")
	line := strings.Repeat("x", 999) + "\n"
	for range 300 {
		s.keys(1, line)
	}
	s.untilShown(1, bell)
	s.lock.Lock()
	s.output[1] = nil
	s.lock.Unlock()
	s.deaf[1] = true
	s.keys(1, "\x03")
	s.untilShown(1, "prompt ")
	s.keys(1, "echo $((6*7))\n")
	s.untilShown(1, "42\r\n")
}

// untilTaken waits until so many bytes of the keys are taken, and returns the output of until then.
func (s *screen) untilTaken(channel uint16, bytes int) (output string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%d bytes taken", bytes), func() bool {
		output = string(s.output[channel][:s.takenAt[channel]])
		return s.taken[channel] == uint64(bytes)
	})
	return output
}

func TestKeysAreToldToBeTakenBehindTheirEcho(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	line := "exec sh -c 'echo rea\\dy; exec cat'\n"
	s.keys(1, line)
	s.untilShown(1, "ready\r\n")
	for i, key := range "echoed" {
		s.keys(1, string(key))
		if got, want := s.untilTaken(1, len(line)+i+1), "ready\r\n"+"echoed"[:i+1]; !strings.HasSuffix(got, want) {
			t.Errorf("%q is taken with %q", key, got)
		}
	}
}

func TestKeysThatShowNothingAreToldToBeTakenToo(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	line := "stty -echo; echo rea''dy; read -rs secret; echo \"[$secret]\"\n"
	s.keys(1, line)
	s.untilShown(1, "ready\r\n")
	s.keys(1, "hush")
	if got := s.untilTaken(1, len(line)+4); !strings.HasSuffix(got, "ready\r\n") {
		t.Errorf("%q", got)
	}
	s.keys(1, "\n")
	s.untilShown(1, "[hush]\r\n")
}

func TestKeysThatWaitForTheirProgramAreNotTaken(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	lines := []string{"stty -echo -icanon; sh -c 'echo rea\\dy; exec sleep 600'\n", strings.Repeat("x", 60_000)}
	s.keys(1, lines[0])
	s.untilShown(1, "ready\r\n")
	s.keys(1, lines[1])
	all := len(lines[0]) + len(lines[1])
	var taken uint64
	s.until("what the kernel holds", func() bool {
		taken = s.taken[1]
		return taken > uint64(len(lines[0]))
	})
	if taken >= uint64(all) {
		t.Error(taken, "bytes are taken of", all)
	}
	s.keys(1, "\x03")
	s.untilTaken(1, all+1)
}

func TestKeysAreNotTakenWhileTheirEchoIsHeldUp(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	line := "yes | head -c 400000; echo; echo a''ll; exec cat\n"
	s.deaf[1] = true
	s.keys(1, line)
	s.until("the pause", func() bool { return len(s.output[1]) > terminalPauseBytes })
	s.keys(1, "k")
	keys := s.all.open[1].keys
	for keys.settledBytes() < uint64(len(line)+1) {
		runtime.Gosched()
	}
	s.lock.Lock()
	if s.taken[1] > uint64(len(line)) {
		t.Error("a key is taken before its echo")
	}
	s.deaf[1] = false
	at := len(s.output[1])
	s.lock.Unlock()
	s.read(1, at)
	s.untilTaken(1, len(line)+1)
}

func TestMoreInputThanTheKernelHoldsComesWholeAndInOrder(t *testing.T) {
	const half = 60_000
	var text strings.Builder
	for n := 0; text.Len() < 2*half; n++ {
		text.WriteString(strconv.Itoa(n) + ".")
	}
	sent := text.String()[:2*half]
	s := newScreen(t)
	place(t, startFile{Path: "sent", Text: sent})
	s.open(1, 80, 24)
	s.keys(1, "stty -echo -icanon; echo rea''dy; sleep 0.3; head -c 120000 > came; stty sane; cmp sent came && echo sa''me\n")
	s.untilShown(1, "ready\r\n")
	s.keys(1, sent[:half])
	for !s.all.open[1].keys.empty() {
		runtime.Gosched()
	}
	s.keys(1, sent[half:])
	s.untilShown(1, "same\r\n")
}

func TestAShellThatCannotBeStartedIsToldWithTheReason(t *testing.T) {
	for err, want := range map[error]string{
		syscall.EAGAIN: "No shell could be started: the workspace has as many processes as it may have.",
		syscall.EIO:    "No shell could be started: start: input/output error.",
	} {
		if got := cannotOpen(fmt.Errorf("start: %w", err)); !strings.HasPrefix(got, want) {
			t.Error(got)
		}
	}
}

func TestFramesThatAreNoneOfATerminalsEndTheSandbox(t *testing.T) {
	s := newScreen(t)
	s.open(1, 80, 24)
	for _, f := range []frame{{0, frameStart, nil}, {1, frameOpen, sizeOf(80, 24)}, {2, frameOpen, nil}, {1, frameResize, nil}, {1, frameRead, nil}, {1, '?', nil}} {
		if s.all.take(f) == nil {
			t.Errorf("taken: %+v", f)
		}
	}
}
