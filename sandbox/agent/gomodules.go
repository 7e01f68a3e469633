package main

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	goModulePath    = regexp.MustCompile(`(?m)^\s*module\s+"?([^\s"]+)`)
	goModuleReplace = regexp.MustCompile(`(?m)^\s*replace\b`)
)

// goModule is the module that a package belongs to; its path is "" where there is none.
type goModule struct {
	path string
	root string
	// Whether packages of other modules may be in the workspace: in a vendor folder, a replacement, or a go.work.
	more bool
}

func goModuleOf(directory string) goModule {
	file := nearest(directory, "go.mod")
	if file == "" {
		return goModule{}
	}
	module := goModule{root: filepath.Dir(file)}
	content, _ := os.ReadFile(file)
	if match := goModulePath.FindSubmatch(content); match != nil {
		module.path = string(match[1])
	}
	_, err := os.Stat(filepath.Join(module.root, "vendor"))
	module.more = err == nil || goModuleReplace.Match(content) || nearest(directory, "go.work") != ""
	return module
}

// folder is where a package of the module is, by its import path; "" when it is another's.
func (m goModule) folder(importPath string) string {
	if m.path == "" || importPath != m.path && !strings.HasPrefix(importPath, m.path+"/") {
		return ""
	}
	return filepath.Join(m.root, strings.TrimPrefix(importPath, m.path))
}

// goAbsent finds the imports that would have to be downloaded, in a package and in those packages of its module that
// it needs. It gives a line for each, in the compiler's form. The go command itself would propose a download.
func goAbsent(context *build.Context, entry *build.Package) []string {
	module := goModuleOf(entry.Dir)
	if module.more {
		return nil
	}
	var absent []string
	seen := map[string]bool{}
	var look func(found *build.Package)
	look = func(found *build.Package) {
		for _, name := range found.Imports {
			if seen[name] {
				continue
			}
			seen[name] = true
			if folder := module.folder(name); folder != "" {
				// The go command says what is wrong with the package itself.
				if inner, err := context.ImportDir(folder, 0); err == nil {
					look(inner)
				}
				continue
			}
			// By its rules, only the standard library's paths begin without a dot.
			first, _, _ := strings.Cut(name, "/")
			if build.IsLocalImport(name) || !strings.Contains(first, ".") {
				continue
			}
			at := found.ImportPos[name][0]
			file, _ := filepath.Rel(workspace, at.Filename)
			absent = append(absent, fmt.Sprintf(
				"./%s:%d:%d: package %s is not here, and a sandbox has no network to download it: "+
					"use the standard library, or packages of this room",
				file, at.Line, at.Column, name,
			))
		}
	}
	look(entry)
	return absent
}
