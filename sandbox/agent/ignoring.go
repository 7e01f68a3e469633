package main

import (
	"path"
	"slices"
	"strings"
)

const (
	// Whose lines say what else is ignored.
	ignoreFile = ".codesyncignore"
	// Lines beyond are not heeded: every path is held against every pattern.
	ignorePatterns = 256
)

// As IGNORED_FOLDERS in packages/protocol/src/workspace-files.ts.
var ignoredFolders = []string{"node_modules", "target", "__pycache__", ".git", ".venv", "dist"}

// What editors put beside a file while they have it open, or save it.
var editorLeavings = []string{"*.swp", "*.swo", "*~", ".#*", "4913"}

// ignoring says which paths are not told of unless the room has them.
type ignoring struct {
	patterns []ignorePattern
}

type ignorePattern struct {
	glob string
	// Held against the whole path, not against the names in it.
	whole bool
	// Of folders only.
	folder bool
}

// parseIgnoring reads the lines of an ignore file. Each is a pattern of path.Match. With a slash in it that is not its
// end, it is of whole paths. One at its end makes it one of folders. Those that begin with # are comments.
func parseIgnoring(text string) ignoring {
	var i ignoring
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if len(i.patterns) == ignorePatterns {
			break
		}
		glob, folder := strings.CutSuffix(line, "/")
		i.patterns = append(i.patterns, ignorePattern{
			glob: strings.TrimPrefix(glob, "/"), whole: strings.Contains(glob, "/"), folder: folder,
		})
	}
	return i
}

func (i ignoring) equal(other ignoring) bool {
	return slices.Equal(i.patterns, other.patterns)
}

// ignores tells whether a path, or a folder that it lies in, is ignored.
func (i ignoring) ignores(name string, folder bool) bool {
	if strings.HasPrefix(name, onItsWay) {
		return true
	}
	for from := 0; ; {
		length := strings.IndexByte(name[from:], '/')
		if length < 0 {
			return i.ignoresOne(name, name[from:], folder)
		}
		if i.ignoresOne(name[:from+length], name[from:from+length], true) {
			return true
		}
		from += length + 1
	}
}

func (i ignoring) ignoresOne(whole, last string, folder bool) bool {
	if folder && slices.Contains(ignoredFolders, last) {
		return true
	}
	if !folder && slices.ContainsFunc(editorLeavings, func(glob string) bool { return matches(glob, last) }) {
		return true
	}
	return slices.ContainsFunc(i.patterns, func(p ignorePattern) bool {
		subject := last
		if p.whole {
			subject = whole
		}
		return (folder || !p.folder) && matches(p.glob, subject)
	})
}

// matches is false for a pattern that is none.
func matches(glob, subject string) bool {
	matched, _ := path.Match(glob, subject)
	return matched
}
