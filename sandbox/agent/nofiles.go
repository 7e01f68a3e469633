package main

import "encoding/json"

// noFiles stands in for files on a kernel that has not what they need, as gVisor's. Terminals go on without.
type noFiles struct {
	frames *frameWriter
	reason error
}

// take refuses a command.
func (none noFiles) take(payload []byte) error {
	var c filesCommand
	if err := json.Unmarshal(payload, &c); err != nil {
		return err
	}
	return none.frames.sendJSON(runChannel, frameFiles,
		filesRefused{Type: "files.refused", N: c.N, Reason: refusedFailed, Detail: none.reason.Error()})
}
