package main

import (
	"os"
	"testing"
)

// written are the keys that a pipe gets until there are none.
func written(t *testing.T, k *keys) string {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	k.feed(func(attempt func(int) error) error {
		if err := attempt(int(to.Fd())); err != nil {
			return err
		}
		if k.empty() {
			k.close()
		}
		return nil
	})
	to.Close()
	got := make([]byte, 1<<16)
	n, _ := from.Read(got)
	return string(got[:n])
}

func TestKeysComeInTheirOrder(t *testing.T) {
	k := newKeys(3*onePacket, func() {})
	long := make([]byte, 2*onePacket)
	k.add(long)
	k.add([]byte("one "))
	k.add([]byte("two"))
	if got := written(t, k); got != string(long)+"one two" {
		t.Errorf("%d bytes, %q", len(got), got[max(0, len(got)-10):])
	}
}

func TestAMessageThatDoesNotFitIsDroppedWholeAndToldOnce(t *testing.T) {
	k := newKeys(8, func() {})
	told := []bool{k.add([]byte("12345")), k.add([]byte("6789")), k.add([]byte("6789")), k.add([]byte("678")), k.add([]byte("9"))}
	for i, want := range []bool{false, true, false, false, true} {
		if told[i] != want {
			t.Error(i, told[i])
		}
	}
	if got := written(t, k); got != "12345678" {
		t.Errorf("%q", got)
	}
}

func TestDroppedKeysAreNotWrittenAndThoseAfterThemAre(t *testing.T) {
	k := newKeys(100, func() {})
	k.add([]byte("old"))
	_ = k.drop(func() error { return nil })
	k.add([]byte("new"))
	if got := written(t, k); got != "new" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsDroppedIsTakenAndWhatWaitsIsNot(t *testing.T) {
	settled := make(chan struct{}, 10)
	k := newKeys(8, func() { settled <- struct{}{} })
	k.add([]byte("12345"))
	k.add([]byte("too long"))
	<-settled
	if got := k.settledBytes(); got != 8 {
		t.Error(got, "bytes, with 5 that wait")
	}
	_ = k.drop(func() error { return nil })
	k.add([]byte("new"))
	if got := written(t, k); got != "new" {
		t.Errorf("%q", got)
	}
	for k.settledBytes() != 16 {
		<-settled
	}
}
