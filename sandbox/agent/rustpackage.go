package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What `cargo new` of this toolchain writes.
const rustEdition = "2024"

var (
	rustSection = regexp.MustCompile(`^\s*\[([^\[\]]+)\]`)
	rustString  = regexp.MustCompile(`^\s*([\w-]+)\s*=\s*"([^"]*)"`)
	rustName    = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	// The first name of a path that begins outside of the crate, or of a crate that is asked for.
	rustUse     = regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(?:use\s+(?:::)?|extern\s+crate\s+)([A-Za-z_]\w*)`)
	rustModule  = regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)`)
	rustBuiltIn = []string{"std", "core", "alloc", "proc_macro", "test", "crate", "self", "super"}
)

// rustPackage is what cargo would know of the package that a crate belongs to.
type rustPackage struct {
	// Relative to the workspace; "" where there is no manifest.
	folder  string
	edition string
	name    string
	version string
	// The library's own name, if the manifest gives one.
	libraryName string
	manifest    bool
}

func rustPackageOf(root string) rustPackage {
	cargo := rustPackage{edition: rustEdition}
	manifest := nearest(filepath.Join(workspace, path.Dir(root)), "Cargo.toml")
	if manifest == "" {
		return cargo
	}
	content, err := os.ReadFile(manifest)
	if err != nil {
		return cargo
	}
	cargo.manifest = true
	cargo.folder, _ = filepath.Rel(workspace, filepath.Dir(manifest))
	section := ""
	for line := range strings.Lines(string(content)) {
		if match := rustSection.FindStringSubmatch(line); match != nil {
			section = strings.TrimSpace(match[1])
		}
		match := rustString.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		switch section + "." + match[1] {
		case "package.edition":
			cargo.edition = match[2]
		case "package.name":
			cargo.name = match[2]
		case "package.version":
			cargo.version = match[2]
		case "lib.name":
			cargo.libraryName = match[2]
		}
	}
	return cargo
}

// library is the package's library that a crate of this root can use: its name and its root; "" where there is none.
func (c rustPackage) library(root string) (name, file string) {
	file = c.libraryFile(root)
	if file == "" {
		return "", ""
	}
	name = c.libraryName
	if name == "" {
		name = strings.ReplaceAll(c.name, "-", "_")
	}
	if name == "" {
		name = rustForeign(root)
	}
	if !rustName.MatchString(name) {
		return "", ""
	}
	return name, file
}

// libraryFile is the nearest lib.rs where cargo has one: beside the root, or in the src of a folder around it.
func (c rustPackage) libraryFile(root string) string {
	if source, err := os.ReadFile(filepath.Join(workspace, root)); err != nil || slices.Contains(rustNames(rustModule, source), "lib") {
		return ""
	}
	candidates := []string{path.Join(path.Dir(root), "lib.rs")}
	for folder := path.Dir(root); ; folder = path.Dir(folder) {
		candidates = append(candidates, path.Join(folder, "src/lib.rs"))
		if folder == "." || c.manifest && folder == c.folder {
			break
		}
	}
	for _, candidate := range candidates {
		if _, err := os.Stat(filepath.Join(workspace, candidate)); err == nil && candidate != root {
			return candidate
		}
	}
	return ""
}

// rustForeign is the first crate that the root asks for and that is neither built in nor one of its own modules. Where
// no manifest names the library, it must have this name.
func rustForeign(root string) string {
	source, err := os.ReadFile(filepath.Join(workspace, root))
	if err != nil {
		return ""
	}
	modules := rustNames(rustModule, source)
	for _, name := range rustNames(rustUse, source) {
		if !slices.Contains(rustBuiltIn, name) && !slices.Contains(modules, name) {
			return name
		}
	}
	return ""
}

func rustNames(pattern *regexp.Regexp, source []byte) []string {
	var names []string
	for _, match := range pattern.FindAllSubmatch(source, -1) {
		names = append(names, string(match[1]))
	}
	return names
}

// env is what cargo tells a crate of its package.
func (c rustPackage) env() []string {
	if !c.manifest {
		return nil
	}
	return []string{
		"CARGO_MANIFEST_DIR=" + filepath.Join(workspace, c.folder),
		"CARGO_PKG_NAME=" + c.name,
		"CARGO_PKG_VERSION=" + c.version,
	}
}
