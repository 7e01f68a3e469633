package main

import (
	"os"
	"strings"
	"testing"
)

func TestFilesArePlacedWithTheirFolders(t *testing.T) {
	place(t, startFile{Path: "main.py", Text: "1"}, startFile{Path: "a/b/c.py", Text: "2"}, startFile{Path: "a/d.py", Text: "3"})
	for path, want := range map[string]string{"main.py": "1", "a/b/c.py": "2", "a/d.py": "3"} {
		if got, err := os.ReadFile(workspace + "/" + path); string(got) != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}

func TestFilesThatCannotBePlacedAreNamedWithTheReason(t *testing.T) {
	for name, refused := range map[string]struct {
		files []startFile
		words string
	}{
		"a name twice":        {[]startFile{{Path: "a"}, {Path: "a"}}, "another file has this name"},
		"a file as a folder":  {[]startFile{{Path: "a"}, {Path: "a/b"}}, "a folder on its way is a file"},
		"outside":             {[]startFile{{Path: "../tmp/escaped"}}, "“../tmp/escaped” cannot be placed"},
		"outside from within": {[]startFile{{Path: "in/../../tmp/escaped"}}, "cannot be placed"},
		"absolute":            {[]startFile{{Path: "/tmp/escaped"}}, "cannot be placed"},
		"too large":           {[]startFile{{Path: "a", Text: strings.Repeat("x", 20<<20)}}, "the workspace is full"},
	} {
		t.Run(name, func(t *testing.T) {
			place(t)
			if err := writeFiles(refused.files); err == nil || !strings.Contains(err.Error(), refused.words) {
				t.Error(err)
			}
			if _, err := os.Stat("/tmp/escaped"); err == nil {
				t.Error("a file was placed outside")
			}
		})
	}
	place(t)
}

func TestALinkLeadsNoFileOutOfTheWorkspace(t *testing.T) {
	place(t)
	if err := os.Symlink("/tmp", workspace+"/link"); err != nil {
		t.Fatal(err)
	}
	if err := writeFiles([]startFile{{Path: "link/escaped"}}); err == nil {
		t.Error("a file was placed through it")
	}
	place(t)
}
