package main

import (
	"testing"
	"time"
)

// All other tests have a clock that stands still.
func TestTheAgentLooksAgainByTheClock(t *testing.T) {
	place(t)
	d := unstarted(t)
	defer d.stop()
	d.f.now = time.Now
	told := func() bool {
		d.lock.Lock()
		defer d.lock.Unlock()
		return d.files["a"] != 0
	}
	d.run("echo x > a")
	for !told() {
		d.f.turn()
		d.f.wait()
	}
}
