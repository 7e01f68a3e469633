package main

import (
	"os"
)

// step is one command of a build.
type step struct {
	path string
	argv []string
	env  []string
}

// compiled is a language whose programs are built first. plan names the steps that leave the program in
// binaryPath; its error is the compiler's word for the person, as if it had come from the compiler.
type compiled struct {
	plan func(entry string) ([]step, error)
}

func (c *compiled) prepare(*children) error {
	return os.MkdirAll(buildDir, 0o700)
}

// compile builds the program unless a cached binary came with the run. A nil outcome means that there is a
// program to launch.
func (c *compiled) compile(j *job) (*outcome, error) {
	if j.cached != nil {
		err := os.WriteFile(binaryPath, j.cached, 0o700)
		j.cached = nil
		return nil, err
	}
	j.beginCompile()
	steps, err := c.plan(j.start.Entry)
	if err != nil {
		j.say(err.Error() + "\n")
		code := 1
		return &outcome{reason: endCompile, code: &code}, nil
	}
	for _, step := range steps {
		if out, err := j.build(step); out != nil || err != nil {
			return out, err
		}
	}
	// Read now: once the program runs, it could put other bytes there.
	if info, err := os.Stat(binaryPath); err == nil && info.Size() <= j.start.Limits.BinaryBytes {
		j.built, _ = os.ReadFile(binaryPath)
	}
	return nil, nil
}

func (c *compiled) launch(j *job) (*process, error) {
	argv := append([]string{binaryPath}, j.start.Args...)
	return startProcess(j.children, j.folder(), binaryPath, argv, environment(j.folder(), j.start.Env))
}
