package main

import (
	"os"
	"syscall"
	"testing"
)

func TestNoLinkIsFollowed(t *testing.T) {
	place(t, startFile{Path: "folder/file", Text: "x"})
	for link, to := range map[string]string{"out": "/tmp", "in": "folder", "file": "folder/file", "up": ".."} {
		if err := os.Symlink(to, workspace+"/"+link); err != nil {
			t.Fatal(err)
		}
	}
	d, err := openDisk(workspace)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(d.root)
	for _, name := range []string{"out", "in", "in/file", "file", "up/w/folder/file", "../w/folder/file", "/w/folder/file", "folder/../../w"} {
		if text, _, err := d.contents(name, 10); err == nil {
			t.Errorf("%s was read: %q", name, text)
		}
		if _, err := d.list(name); err == nil {
			t.Errorf("%s was listed", name)
		}
		if folder, err := d.folder(name); err == nil {
			syscall.Close(folder)
			t.Errorf("%s was opened", name)
		}
	}
	if s, err := d.stat("in/file"); err == nil {
		t.Errorf("in/file: %+v", s)
	}
	for _, link := range []string{"out", "file"} {
		if s, err := d.stat(link); err != nil || isFile(s) || isFolder(s) {
			t.Errorf("%s: %v", link, err)
		}
	}
	if text, _, err := d.contents("folder/file", 10); err != nil || string(text) != "x" {
		t.Errorf("%q, %v", text, err)
	}
}
