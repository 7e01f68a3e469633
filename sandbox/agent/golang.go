package main

import (
	"bytes"
	"errors"
	"go/build"
	"go/version"
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

// The standard library was compiled with these. A build by the go command with other settings would not reuse it.
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

// planGo compiles and links a package of its own files and the standard library directly. That takes a third of the
// time that the go command takes. The go command, offline, builds what needs more: other packages, embedded files, or
// an error that it words better.
func planGo(entry string) ([]step, error) {
	folder := path.Dir(entry)
	directory := filepath.Join(workspace, folder)
	context := build.Default
	context.CgoEnabled = false
	context.GOROOT = goRoot
	names, all, err := goFiles(&context, entry)
	if err != nil {
		return nil, err
	}
	if err := goForeign(directory, names); err != nil {
		return nil, err
	}
	language := goVersion
	if module := nearest(directory, "go.mod"); module != "" {
		if language, err = goLanguage(module); err != nil {
			return nil, err
		}
	}
	found, err := goOnly(context, directory, names).ImportDir(directory, 0)
	if err == nil {
		if absent := goAbsent(&context, found); len(absent) > 0 {
			return nil, errors.New(strings.Join(absent, "\n"))
		}
	}
	if err != nil || !goDirect(found) {
		return []step{goCommand(directory, names, all)}, nil
	}
	tools := goRoot + "/pkg/tool/" + goTarget + "/"
	library := goRoot + "/pkg/" + goTarget
	compile := []string{
		"compile", "-o", goObject, "-p", "main", "-complete", "-pack", "-dwarf=false", "-lang=" + language, "-I", library,
	}
	for _, name := range names {
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

// goCommand builds the folder's package inside its module, or files of it. It stands at the top of the module or of
// the workspace: the go command names files from there.
func goCommand(directory string, names []string, all bool) step {
	top, module := workspace, nearest(directory, "go.mod")
	if module != "" {
		top = filepath.Dir(module)
	}
	folder, _ := filepath.Rel(top, directory)
	argv := append([]string{"go", "-C", top, "build", "-o", binaryPath}, goBuildFlags...)
	if all && module != "" {
		return step{path: goTool, argv: append(argv, "./"+folder), env: goEnv}
	}
	for _, name := range names {
		argv = append(argv, "./"+path.Join(folder, name))
	}
	return step{path: goTool, argv: argv, env: goEnv}
}

var goDirective = regexp.MustCompile(`(?m)^go\s+(1\.\d+)`)

// goLanguage is the language version that a go.mod asks for. The error says that it is newer than the toolchain.
func goLanguage(module string) (string, error) {
	content, err := os.ReadFile(module)
	if err != nil {
		return goVersion, nil
	}
	match := goDirective.FindSubmatchIndex(content)
	if match == nil {
		return goVersion, nil
	}
	asked := "go" + string(content[match[2]:match[3]])
	if version.Compare(asked, goVersion) > 0 {
		file, _ := filepath.Rel(workspace, module)
		line := 1 + bytes.Count(content[:match[0]], []byte("\n"))
		return "", goRefusal(file, line, "this module asks for %s, and a sandbox has %s: change the line to “go %s”", asked, goVersion, goVersion[2:])
	}
	return asked, nil
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
