// 4 and 512: it has no stack of its own.
TEXT ·nothing(SB), 4|512, $0-0
	RET

// A read-only word.
DATA ·nothingAt(SB)/8, $·nothing(SB)
GLOBL ·nothingAt(SB), 8, $8
