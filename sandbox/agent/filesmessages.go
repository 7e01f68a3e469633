package main

// The type of the frames of the files, both ways; they are on the channel of the run, which a workspace has none of.
// packages/protocol/src/workspace-files.ts says what the messages mean. They come and go without the workspace's name.
const frameFiles = 'F'

// As WORKSPACE_FILE_LIMITS has them.
const (
	filesReadBytes    = 52_428_800
	filesPartBytes    = 1_048_576
	filesChanges      = 500
	filesPathBytes    = 240
	filesPathSegments = 12
)

// The longest text that a room may have, in UTF-16 units, as LIMITS has it.
const fileUnits = 2_000_000

// filesCommand has the fields of all commands.
type filesCommand struct {
	Type   string `json:"type"`
	N      int64  `json:"n"`
	Path   string `json:"path"`
	From   string `json:"from"`
	To     string `json:"to"`
	Over   int64  `json:"over"`
	At     int64  `json:"at"`
	Remove int64  `json:"remove"`
	Text   string `json:"text"`
	Staged string `json:"staged"`
	Hash   string `json:"hash"`
	Data   []byte `json:"data"`
	Length int64  `json:"length"`
	Batch  int64  `json:"batch"`
}

type filesDone struct {
	Type     string `json:"type"`
	N        int64  `json:"n"`
	Revision int64  `json:"revision"`
}

type filesText struct {
	Type     string `json:"type"`
	N        int64  `json:"n"`
	Revision int64  `json:"revision"`
	Base     int64  `json:"base"`
	Text     string `json:"text"`
}

type filesBinary struct {
	Type     string `json:"type"`
	N        int64  `json:"n"`
	Revision int64  `json:"revision"`
	Base     int64  `json:"base"`
	Bytes    int64  `json:"bytes"`
	Hash     string `json:"hash"`
}

type filesBytes struct {
	Type string `json:"type"`
	N    int64  `json:"n"`
	Data []byte `json:"data"`
}

type filesRefused struct {
	Type   string        `json:"type"`
	N      int64         `json:"n"`
	Reason refusalReason `json:"reason"`
	Detail string        `json:"detail"`
}

type filesChanged struct {
	Type  string `json:"type"`
	Batch int64  `json:"batch"`
	// fileChange, placeChange and moveChange.
	Changes []any `json:"changes"`
}

// fileChange is of the kind "file".
type fileChange struct {
	Kind     string `json:"kind"`
	Path     string `json:"path"`
	Revision int64  `json:"revision"`
	Base     int64  `json:"base"`
	Size     int64  `json:"size"`
}

// placeChange is of the kind "folder" or "gone".
type placeChange struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
}

// moveChange is of the kind "moved".
type moveChange struct {
	Kind string `json:"kind"`
	From string `json:"from"`
	To   string `json:"to"`
}

type refusalReason string

const (
	refusedStale   refusalReason = "stale"
	refusedBlocked refusalReason = "blocked"
	refusedFull    refusalReason = "full"
	refusedMissing refusalReason = "missing"
	refusedLarge   refusalReason = "large"
	refusedFailed  refusalReason = "failed"
)

// refusal is an error with a reason of the protocol's.
type refusal struct {
	reason refusalReason
	detail string
}

func (r refusal) Error() string { return string(r.reason) + ": " + r.detail }
