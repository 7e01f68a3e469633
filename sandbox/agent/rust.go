package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// What `cargo new` of this toolchain writes.
const rustEdition = "2024"

var (
	rustMain        = regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+main\s*[(<]`)
	rustEditionLine = regexp.MustCompile(`(?m)^\s*edition\s*=\s*"(\d{4})"`)
)

// planRust compiles the crate that the entry belongs to. Its root is the entry when that has a main function,
// else the nearest main.rs around it, as cargo would have it.
func planRust(entry string) ([]step, error) {
	edition := rustEdition
	if manifest := nearest(filepath.Join(workspace, path.Dir(entry)), "Cargo.toml"); manifest != "" {
		if content, err := os.ReadFile(manifest); err == nil {
			if match := rustEditionLine.FindSubmatch(content); match != nil {
				edition = string(match[1])
			}
		}
	}
	// "./" keeps a name that begins with a dash or an at sign from being read as an option.
	return []step{{
		path: "/usr/bin/rustc",
		argv: []string{
			"rustc", "--crate-name", "main", "--crate-type", "bin", "--edition", edition, "--color", "always",
			"-C", "debuginfo=0", "-C", "strip=debuginfo", "-C", "link-arg=-fuse-ld=lld",
			"-o", binaryPath, rustPath(rustRoot(entry)),
		},
	}}, nil
}

func rustRoot(entry string) string {
	content, err := os.ReadFile(filepath.Join(workspace, entry))
	if err != nil || rustMain.Match(content) {
		return entry
	}
	for folder := path.Dir(entry); ; folder = path.Dir(folder) {
		for _, candidate := range []string{path.Join(folder, "main.rs"), path.Join(folder, "src/main.rs")} {
			if _, err := os.Stat(filepath.Join(workspace, candidate)); err == nil {
				return candidate
			}
		}
		if folder == "." {
			return entry
		}
	}
}

func rustPath(root string) string {
	if strings.HasPrefix(root, "-") || strings.HasPrefix(root, "@") {
		return "./" + root
	}
	return root
}
