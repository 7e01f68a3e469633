package main

import (
	"runtime"
	"testing"
	"time"
)

// waitIn calls wait and returns when it has paused. The channel gets what wait returns.
func waitIn(t *testing.T, f *flow) <-chan bool {
	t.Helper()
	returned := make(chan bool, 1)
	go func() { returned <- f.wait() }()
	for since := time.Now(); ; runtime.Gosched() {
		if time.Since(since) > patience {
			t.Fatal("no pause")
		}
		f.mutex.Lock()
		paused := f.paused
		f.mutex.Unlock()
		if paused {
			return returned
		}
	}
}

func TestAPauseBeginsBeyondOneLimitAndEndsAtTheOther(t *testing.T) {
	f := newFlow(100, 5)
	f.send(100)
	if !f.wait() {
		t.Error("paused at the limit")
	}
	f.send(1)
	returned := waitIn(t, f)
	f.acknowledge(95)
	if !f.paused {
		t.Error("goes on with 6 unread")
	}
	f.acknowledge(96)
	if !<-returned {
		t.Error("over")
	}
}

func TestMoreThanWasSentIsNotRead(t *testing.T) {
	f := newFlow(100, 5)
	f.send(10)
	f.acknowledge(1 << 63)
	f.acknowledge(3)
	if f.read != 10 {
		t.Error(f.read)
	}
}

func TestAPauseEndsWithTheTerminal(t *testing.T) {
	f := newFlow(100, 5)
	f.send(101)
	returned := waitIn(t, f)
	f.end()
	if <-returned {
		t.Error("is to be read on")
	}
	f.drop()
	if f.send(1) {
		t.Error("sends after the end")
	}
}
