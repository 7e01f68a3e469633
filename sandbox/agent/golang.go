package main

import (
	"errors"
	"go/build"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

const (
	goRoot    = "/usr/lib/go-1.24"
	goObject  = buildDir + "/main.a"
	goTool    = goRoot + "/bin/go"
	goVersion = "go1.24"
)

// goTarget is where the image holds the compiled standard library.
var goTarget = "linux_" + runtime.GOARCH

// The standard library was compiled with these; a build of the go command that differs would not reuse it.
var goBuildFlags = []string{"-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", "-ldflags=-s -w"}

var goEnv = []string{
	"CGO_ENABLED=0",
	"GOCACHE=/tmp/go-cache",
	"GODEBUG=installgoroot=all",
	"GOFLAGS=",
	"GOPATH=/tmp/go",
	"GOPROXY=off",
	"GOROOT=" + goRoot,
	"GOSUMDB=off",
	"GOTELEMETRY=off",
	"GOTOOLCHAIN=local",
	"GOTMPDIR=" + buildDir,
}

// planGo compiles and links a package of its own files and the standard library directly, a third of the time
// that the go command takes for the same. What needs more (other packages, embedded files, or an error that
// the go command words better) goes through the go command, offline.
func planGo(entry string) ([]step, error) {
	folder := path.Dir(entry)
	directory := filepath.Join(workspace, folder)
	context := build.Default
	context.CgoEnabled = false
	context.GOROOT = goRoot
	found, err := context.ImportDir(directory, 0)
	if err == nil {
		if absent := goAbsent(&context, found); len(absent) > 0 {
			return nil, errors.New(strings.Join(absent, "\n"))
		}
	}
	if err != nil || !goDirect(found) {
		return []step{goCommand(entry, directory)}, nil
	}
	language := goVersion
	if module := nearest(directory, "go.mod"); module != "" {
		language = goLanguage(module)
	}
	tools := goRoot + "/pkg/tool/" + goTarget + "/"
	library := goRoot + "/pkg/" + goTarget
	compile := []string{
		"compile", "-o", goObject, "-p", "main", "-complete", "-pack", "-dwarf=false", "-lang=" + language, "-I", library,
	}
	for _, name := range found.GoFiles {
		compile = append(compile, "./"+path.Join(folder, name))
	}
	return []step{
		{path: tools + "compile", argv: compile, env: goEnv},
		{path: tools + "link", argv: []string{"link", "-o", binaryPath, "-L", library, "-s", "-w", goObject}, env: goEnv},
	}, nil
}

// goDirect tells whether the compiler and the linker alone can build the package.
func goDirect(found *build.Package) bool {
	others := len(found.EmbedPatterns) + len(found.SFiles) + len(found.CgoFiles) + len(found.SysoFiles) + len(found.InvalidGoFiles)
	if found.Name != "main" || others > 0 {
		return false
	}
	for _, name := range found.Imports {
		if name == "unsafe" {
			continue
		}
		if strings.Contains(name, "internal/") || strings.HasPrefix(name, "internal") {
			return false
		}
		if _, err := os.Stat(goRoot + "/pkg/" + goTarget + "/" + name + ".a"); err != nil {
			return false
		}
	}
	return true
}

// goCommand builds the entry's package inside its module, or its files when there is no module.
func goCommand(entry, directory string) step {
	argv := append([]string{"go", "build", "-o", binaryPath}, goBuildFlags...)
	if nearest(directory, "go.mod") != "" {
		argv = append([]string{"go", "-C", directory}, argv[1:]...)
		return step{path: goTool, argv: append(argv, "."), env: goEnv}
	}
	files, _ := filepath.Glob(directory + "/*.go")
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			relative, _ := filepath.Rel(workspace, file)
			argv = append(argv, "./"+relative)
		}
	}
	return step{path: goTool, argv: argv, env: goEnv}
}

var goDirective = regexp.MustCompile(`(?m)^go\s+(1\.\d+)`)

// goLanguage is the language version that a go.mod asks for, at most the toolchain's own.
func goLanguage(module string) string {
	content, err := os.ReadFile(module)
	if err != nil {
		return goVersion
	}
	if match := goDirective.FindSubmatch(content); match != nil {
		return "go" + string(match[1])
	}
	return goVersion
}

// nearest finds a file of this name in the directory or above it, inside the workspace; "" when there is none.
func nearest(directory, name string) string {
	for {
		candidate := filepath.Join(directory, name)
		if _, err := os.Stat(candidate); err == nil {
			return candidate
		}
		if directory == workspace || len(directory) <= len(workspace) {
			return ""
		}
		directory = filepath.Dir(directory)
	}
}
