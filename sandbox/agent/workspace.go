package main

import (
	"errors"
	"os"
	"path"
	"strings"
	"syscall"
)

const (
	workspace = "/w"
	// Compilers' output; outside the workspace, so that a program that lists its folder sees its own files.
	buildDir   = "/tmp/build"
	binaryPath = buildDir + "/main"
)

// writeFiles places the run's files in the workspace. The runner has checked the paths, and os.Root would hold them
// inside even if it had not. The error is a sentence for a person.
func writeFiles(files []startFile) error {
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return err
	}
	defer root.Close()
	made := map[string]bool{}
	for _, file := range files {
		target, err := makeFile(root, file.Path, made)
		if err != nil {
			return cannotPlace(file.Path, err)
		}
		_, err = target.WriteString(file.Text)
		if closed := target.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return cannotPlace(file.Path, err)
		}
	}
	return nil
}

// makeFile makes an empty file and the folders on its way; those that are `made` are there.
func makeFile(root *os.Root, name string, made map[string]bool) (*os.File, error) {
	if err := makeFolders(root, path.Dir(name), made); err != nil {
		return nil, err
	}
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func makeFolders(root *os.Root, folder string, made map[string]bool) error {
	// An absolute path ends at "/"; its file is refused by the root.
	if folder == "." || folder == "/" || made[folder] {
		return nil
	}
	if err := makeFolders(root, path.Dir(folder), made); err != nil {
		return err
	}
	made[folder] = true
	err := root.Mkdir(folder, 0o755)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

func cannotPlace(name string, err error) error {
	reason := err.Error()
	switch {
	case errors.Is(err, syscall.ENOSPC):
		reason = "the workspace is full"
	case errors.Is(err, os.ErrExist):
		reason = "another file has this name"
	case errors.Is(err, syscall.ENOTDIR):
		reason = "a folder on its way is a file"
	}
	return errors.New("The file “" + strings.ToValidUTF8(name, "�") + "” cannot be placed in the workspace: " + reason + ".")
}
