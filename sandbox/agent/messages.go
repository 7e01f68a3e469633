package main

// What START carries. Paths are relative to the workspace; times in milliseconds.
type startMessage struct {
	Entry string `json:"entry"`
	// Where the program stands, a folder of the workspace; empty for the workspace itself.
	Folder string            `json:"folder"`
	Files  []startFile       `json:"files"`
	Args   []string          `json:"args"`
	Env    map[string]string `json:"env"`
	Limits startLimits       `json:"limits"`
}

type startFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

type startLimits struct {
	WallMs     int64 `json:"wallMs"`
	CPUMs      int64 `json:"cpuMs"`
	CompileMs  int64 `json:"compileMs"`
	KeptBytes  int64 `json:"keptBytes"`
	FloodBytes int64 `json:"floodBytes"`
	StdinBytes int64 `json:"stdinBytes"`
	// Binaries larger than this are not sent back for the cache.
	BinaryBytes int64 `json:"binaryBytes"`
}

// Why the run is over; the names are the protocol's.
type endReason string

const (
	endExit    endReason = "exit"
	endSignal  endReason = "signal"
	endStopped endReason = "stopped"
	endWall    endReason = "wall"
	endCPU     endReason = "cpu"
	endMemory  endReason = "memory"
	endPids    endReason = "pids"
	endOutput  endReason = "output"
	endCompile endReason = "compile"
	endFiles   endReason = "files"
	endBroken  endReason = "infrastructure"
)

// A limit that the run met and that did not end it, and how often.
type struckLimit struct {
	Limit endReason `json:"limit"`
	Times int64     `json:"times"`
}

type exitMessage struct {
	Reason    endReason     `json:"reason"`
	Code      *int          `json:"code"`
	Signal    string        `json:"signal"`
	Limits    []struckLimit `json:"limits,omitempty"`
	WallMs    float64       `json:"wallMs"`
	CompileMs float64       `json:"compileMs"`
	CPUMs     float64       `json:"cpuMs"`
	PeakBytes int64         `json:"peakBytes"`
	// Whether the limit was met by the compiler rather than by the program.
	Compiling    bool   `json:"compiling"`
	TruncatedOut int64  `json:"truncatedOut"`
	TruncatedErr int64  `json:"truncatedErr"`
	StdinDropped int64  `json:"stdinDropped"`
	Message      string `json:"message"`
	// A BINARY frame follows.
	Binary bool `json:"binary"`
}
