package main

import (
	"strings"
	"testing"
)

func TestKeysComeInTheirOrder(t *testing.T) {
	k := newKeys(100)
	k.add([]byte("one "))
	k.add([]byte("two"))
	var got strings.Builder
	k.feed(func(piece []byte) (int, error) {
		got.Write(piece[:1])
		if got.Len() == 7 {
			k.close()
		}
		return 1, nil
	})
	if got.String() != "one two" {
		t.Errorf("%q", got.String())
	}
}

func TestAMessageThatDoesNotFitIsDroppedWholeAndToldOnce(t *testing.T) {
	k := newKeys(8)
	told := []bool{k.add([]byte("12345")), k.add([]byte("6789")), k.add([]byte("6789")), k.add([]byte("678")), k.add([]byte("9"))}
	for i, want := range []bool{false, true, false, false, true} {
		if told[i] != want {
			t.Error(i, told[i])
		}
	}
	if got := string(k.next(0)); got != "12345678" {
		t.Errorf("%q", got)
	}
	if !k.overflowing || k.add([]byte("9")) {
		t.Error("what is being written does not count")
	}
}

func TestDroppedKeysAreNotWrittenAndThoseAfterThemAre(t *testing.T) {
	k := newKeys(100)
	k.add([]byte("old"))
	k.next(0)
	k.add([]byte("older"))
	k.drop()
	k.add([]byte("new"))
	if got := string(k.next(2)); got != "new" {
		t.Errorf("%q", got)
	}
}
