package main

// A number that the syscall package does not have.
const sysRenameat2 = 316
