module codesync/agent

go 1.24
