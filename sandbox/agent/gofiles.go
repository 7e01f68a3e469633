package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// goFiles are the files of the entry's folder that its program is made of: those of package main that are for this
// system. Where several of them have a main function, each is a program of its own, with the files that have none. A
// file that the rules of the go command leave out runs alone, as with `go run`. `all` tells that a build of the folder
// takes the same files. The error says why the entry cannot be started, in the compiler's form.
func goFiles(context *build.Context, entry string) (names []string, all bool, err error) {
	directory, name := filepath.Join(workspace, path.Dir(entry)), path.Base(entry)
	if strings.HasSuffix(name, "_test.go") {
		return nil, false, goRefusal(entry, 1, "a file of tests is no program: start a file that has a main function")
	}
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return nil, false, goRefusal(entry, 1, "Go leaves out a file whose name begins with “%s”: rename it to run it", name[:1])
	}
	started, err := goSource(directory, name)
	if err != nil {
		// The compiler says what is wrong with it.
		return goMatching(context, directory), true, nil
	}
	if started.Name.Name != "main" {
		return nil, false, goRefusal(entry, 1, "package %s is no program: start a file of package main, which may import it", started.Name.Name)
	}
	if matches, _ := context.MatchFile(directory, name); !matches {
		if reason := goExcluded(context, name, started); reason != "" {
			return nil, false, goRefusal(entry, 1, "%s: a sandbox is %s/%s with %s", reason, context.GOOS, context.GOARCH, goVersion)
		}
		return []string{name}, false, nil
	}
	all = true
	var mains []string
	for _, other := range goMatching(context, directory) {
		source, err := goSource(directory, other)
		switch {
		case err == nil && source.Name.Name != "main":
			all = false
		case err == nil && goHasMain(source) && other != name:
			mains = append(mains, other)
		default:
			names = append(names, other)
		}
	}
	switch {
	case goHasMain(started):
		return names, all && len(mains) == 0, nil
	case len(mains) == 1:
		return append(names, mains[0]), all, nil
	case len(mains) == 0:
		return nil, false, goRefusal(entry, 1, "package main has no main function, where a program begins")
	}
	return nil, false, goRefusal(entry, 1, "this file has no main function, and several of its folder have one: start one of %s", strings.Join(mains, ", "))
}

func goRefusal(entry string, line int, format string, values ...any) error {
	return errors.New(fmt.Sprintf("./%s:%d:1: ", entry, line) + fmt.Sprintf(format, values...))
}

func goSource(directory, name string) (*ast.File, error) {
	return parser.ParseFile(token.NewFileSet(), filepath.Join(directory, name), nil, parser.ParseComments|parser.SkipObjectResolution)
}

// goMatching are the folder's files that a build for this system takes.
func goMatching(context *build.Context, directory string) []string {
	var names []string
	entries, _ := os.ReadDir(directory)
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if matches, err := context.MatchFile(directory, name); matches || err != nil {
			names = append(names, name)
		}
	}
	return names
}

func goHasMain(source *ast.File) bool {
	return slices.ContainsFunc(source.Decls, func(declaration ast.Decl) bool {
		function, is := declaration.(*ast.FuncDecl)
		return is && function.Recv == nil && function.Name.Name == "main"
	})
}

// goExcluded says what keeps a file from this system; "" where it is only left out of the folder's package, by a tag
// such as `ignore`.
func goExcluded(context *build.Context, name string, source *ast.File) string {
	if !goNameMatches(context, name) {
		return "by its name this file is for another system"
	}
	for _, group := range source.Comments {
		for _, comment := range group.List {
			if comment.Pos() > source.Package || !constraint.IsGoBuild(comment.Text) {
				continue
			}
			expression, err := constraint.Parse(comment.Text)
			if err == nil && !expression.Eval(func(tag string) bool { return goTagMatches(context, tag) }) {
				return fmt.Sprintf("by “%s” this file is for another system", comment.Text)
			}
		}
	}
	return ""
}

// goTagMatches is false for a tag that cannot hold here. A tag of the program's own could be set.
func goTagMatches(context *build.Context, tag string) bool {
	switch {
	case tag == "cgo" || tag == "gccgo":
		return false
	case strings.HasPrefix(tag, "go1."):
		return slices.Contains(context.ReleaseTags, tag)
	}
	return goNameMatches(context, "x_"+tag+".go")
}

// goNameMatches tells whether the name alone makes a file one for this system.
func goNameMatches(context *build.Context, name string) bool {
	plain := *context
	plain.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package main\n")), nil
	}
	matches, err := plain.MatchFile(workspace, name)
	return matches && err == nil
}

// goOnly is the context of a build with these Go files of a folder, as if it had no others and no tag left them out.
func goOnly(context build.Context, directory string, names []string) *build.Context {
	context.UseAllFiles = true
	context.ReadDir = func(folder string) ([]fs.FileInfo, error) {
		entries, err := os.ReadDir(folder)
		var infos []fs.FileInfo
		for _, entry := range entries {
			if folder == directory && strings.HasSuffix(entry.Name(), ".go") && !slices.Contains(names, entry.Name()) {
				continue
			}
			if info, err := entry.Info(); err == nil {
				infos = append(infos, info)
			}
		}
		return infos, err
	}
	return &context
}

// goForeign finds what a sandbox cannot build for want of a C compiler.
func goForeign(directory string, names []string) error {
	for _, name := range names {
		files := token.NewFileSet()
		source, err := parser.ParseFile(files, filepath.Join(directory, name), nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, imported := range source.Imports {
			if imported.Path.Value == `"C"` {
				file, _ := filepath.Rel(workspace, filepath.Join(directory, name))
				return goRefusal(file, files.Position(imported.Pos()).Line, "a sandbox has no C compiler: a program here cannot import \"C\"")
			}
		}
	}
	return nil
}
