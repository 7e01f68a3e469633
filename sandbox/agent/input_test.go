package main

import "testing"

func TestInputBeyondItsLimitIsDroppedAndCounted(t *testing.T) {
	i := newInput(5)
	for _, chunk := range []string{"abc", "def", "gh"} {
		i.add([]byte(chunk))
	}
	i.end()
	i.add([]byte("late"))
	if i.droppedBytes() != 7 {
		t.Error(i.droppedBytes())
	}
	if got := string(i.next()) + string(i.next()); got != "abcgh" || i.next() != nil {
		t.Errorf("%q", got)
	}
}

func TestAReadGivesOneLineAtMost(t *testing.T) {
	theirs, ours, err := newInputPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	i := newInput(1_000)
	i.add([]byte("one\ntwo\nthr"))
	i.end()
	go i.feed(ours)
	buffer := make([]byte, 100)
	for _, want := range []string{"one\n", "two\n", "thr", ""} {
		if n, _ := theirs.Read(buffer); string(buffer[:n]) != want {
			t.Errorf("%q, not %q", buffer[:n], want)
		}
	}
}
