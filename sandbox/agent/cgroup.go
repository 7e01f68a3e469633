package main

import (
	"os"
	"strconv"
	"strings"
)

// cgroup reads the sandbox's own accounts. A file that this kernel or engine does not show reads as 0, so
// that a run is never lost for want of a figure.
type cgroup struct {
	v2 bool
}

func findCgroup() cgroup {
	_, err := os.Stat("/sys/fs/cgroup/cgroup.controllers")
	return cgroup{v2: err == nil}
}

// cpuNs is the processor time that the sandbox has used since it began.
func (c cgroup) cpuNs() int64 {
	if c.v2 {
		return keyed("/sys/fs/cgroup/cpu.stat", "usage_usec") * 1000
	}
	if ns := whole("/sys/fs/cgroup/cpuacct/cpuacct.usage"); ns != 0 {
		return ns
	}
	return whole("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage")
}

// oomKills counts the processes that the kernel ended because the sandbox's memory was full.
func (c cgroup) oomKills() int64 {
	if c.v2 {
		return keyed("/sys/fs/cgroup/memory.events", "oom_kill")
	}
	return keyed("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill")
}

// refusedForks counts the processes and threads that were refused at the limit.
func (c cgroup) refusedForks() int64 {
	if c.v2 {
		return keyed("/sys/fs/cgroup/pids.events", "max")
	}
	return keyed("/sys/fs/cgroup/pids/pids.events", "max")
}

func whole(path string) int64 {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	value, _ := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64)
	return value
}

func keyed(path, key string) int64 {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(content)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), " "); found && name == key {
			number, _ := strconv.ParseInt(value, 10, 64)
			return number
		}
	}
	return 0
}
