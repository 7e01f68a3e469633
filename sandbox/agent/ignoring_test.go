package main

import (
	"strings"
	"testing"
)

func TestIgnoredFilesAreInStepOnlyWhereTheRoomHasThem(t *testing.T) {
	d := newDesk(t)
	d.run("mkdir -p node_modules/a target lib/.git; echo x > node_modules/a/x; echo x > target/x; echo x > .a.swp; echo x > a~; echo x > '.#a'; echo x > 4913; echo x > lib/kept")
	d.only("lib folder", "lib/kept file")
	revision := d.write("node_modules/ours.js", 0, 0, "ours\n")
	d.run("echo theirs > node_modules/ours.js; echo other > node_modules/other.js")
	if told := d.only("node_modules/ours.js file")[0]; told.Base != revision {
		t.Errorf("%+v", told)
	}
	d.refused(filesCommand{Type: "files.write", Path: "target/x", Text: "y"}, refusedStale)
	d.only("target folder", "target/x file")

	d.run("echo x > a.log; mkdir build; echo x > build/x; echo x > lib/build")
	d.only("a.log file", "build folder", "build/x file", "lib/build file")
	d.run("printf '# what is made\n\n*.log\nbuild/\nlib/k*\n[\n' > .codesyncignore")
	d.only(".codesyncignore file")
	d.run("echo more >> a.log; echo x > b.log; mkdir -p out/build; echo x > out/build/x; echo x > lib/k2; echo x > lib/l; echo x > lib/sub.log")
	d.only("a.log file", "out folder", "lib/l file")
	d.run("echo build/ > .codesyncignore")
	d.only(".codesyncignore file", "b.log file", "lib/k2 file", "lib/sub.log file")
	d.run("rm .codesyncignore")
	d.only(".codesyncignore gone", "out/build folder", "out/build/x file")
	d.write(".codesyncignore", 0, 0, "*.tmp\n")
	d.run("echo x > a.tmp")
	d.only()
}

func TestPatternsOfTheIgnoreFile(t *testing.T) {
	i := parseIgnoring("*.log\n/top\na/*/c\nfolder/\n\\#x\n  # no pattern\n[bad\n")
	for name, want := range map[string]bool{
		"a.log": true, "x/a.log": true, "a.log/x": true, "top": true, "x/top": false, "top/x": true, "a/b/c": true, "a/b/c/d": true,
		"x/a/b/c": false, "folder": false, "folder/x": true, "x/folder/y": true, "#x": true, "# no pattern": false, "[bad": false,
		"node_modules": false, "x/node_modules/y": true, "dist/x": true, ".codesync-1": true, "x~": true, "x~/y": false,
	} {
		if i.ignores(name, false) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	if !i.ignores("folder", true) || !i.ignores("node_modules", true) {
		t.Error("folders")
	}
	if many := parseIgnoring(strings.Repeat("*.log\n", 10_000)); len(many.patterns) != ignorePatterns {
		t.Error(len(many.patterns))
	}
}
