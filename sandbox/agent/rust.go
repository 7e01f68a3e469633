package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

const rustc = "/usr/bin/rustc"

var rustMain = regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+main\s*[(<]`)

// planRust compiles the crate that the entry belongs to. If the same package has a library, it compiles that first.
// The crate's root is the entry if that has a main function. Otherwise it is the nearest main.rs around it, as cargo
// would have it.
func planRust(entry string) ([]step, error) {
	root := rustRoot(entry)
	cargo := rustPackageOf(root)
	program := []string{
		"rustc", "--crate-name", "main", "--crate-type", "bin", "--edition", cargo.edition, "--color", "always",
		"-C", "debuginfo=0", "-C", "strip=debuginfo", "-C", "link-arg=-fuse-ld=lld",
	}
	var steps []step
	if name, file := cargo.library(root); file != "" {
		built := buildDir + "/lib" + name + ".rlib"
		steps = append(steps, step{
			path: rustc,
			argv: []string{
				"rustc", "--crate-name", name, "--crate-type", "rlib", "--edition", cargo.edition, "--color", "always",
				"-C", "debuginfo=0", "-o", built, rustPath(file),
			},
			env: cargo.env(),
		})
		program = append(program, "--extern", name+"="+built)
	}
	program = append(program, "-o", binaryPath, rustPath(root))
	return append(steps, step{path: rustc, argv: program, env: cargo.env()}), nil
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

// rustPath keeps a name that begins with a dash or an at sign from being read as an option.
func rustPath(root string) string {
	if strings.HasPrefix(root, "-") || strings.HasPrefix(root, "@") {
		return "./" + root
	}
	return root
}
