/**
 * The system calls that a sandbox may make: a list of what is allowed, all else is EPERM.
 *
 * Docker's own default is a list for any container; this one is for compilers and programs. What the default refuses
 * is refused here too, and so are:
 *
 * - io_uring, ptrace, reading and writing other processes, kernel keys and file handles;
 * - every socket family but Unix and IP;
 * - the 32-bit calls of a 64-bit machine: their arguments could not be checked alike;
 * - changing the limits, priority or processors of another process. Process 1 is one, under the same user id.
 *
 * `clone3` says ENOSYS: its flags lie in memory, where a filter cannot look. C libraries then use `clone`, which has its
 * flags in a register.
 */

type Comparison = {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
};
type Rule = {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly Comparison[];
};

const ALLOW = 'SCMP_ACT_ALLOW';
const EPERM = 1;
const ENOSYS = 38;

/** By what they are for. Names that an architecture does not have are ignored there. */
const CALLS = {
  memory: `brk mmap munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall
    membarrier memfd_create mseal pkey_alloc pkey_free pkey_mprotect map_shadow_stack`,
  files: `access faccessat faccessat2 open openat openat2 creat close close_range read readv pread64 preadv preadv2
    write writev pwrite64 pwritev pwritev2 lseek sendfile copy_file_range splice tee vmsplice readahead
    fadvise64 fallocate truncate ftruncate fsync fdatasync sync syncfs sync_file_range stat fstat lstat newfstatat
    statx statfs fstatfs getdents getdents64 getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir link
    linkat symlink symlinkat unlink unlinkat readlink readlinkat chmod fchmod fchmodat fchmodat2 chown fchown
    lchown fchownat umask utime utimes utimensat futimesat mknod mknodat flock fcntl ioctl dup dup2 dup3 pipe
    pipe2 getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr
    lremovexattr fremovexattr inotify_init inotify_init1 inotify_add_watch inotify_rm_watch cachestat`,
  waiting: `select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
    eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime pause nanosleep
    clock_nanosleep futex futex_waitv futex_wait futex_wake futex_requeue restart_syscall`,
  time: `time times gettimeofday clock_gettime clock_getres getitimer setitimer alarm timer_create timer_settime
    timer_gettime timer_getoverrun timer_delete`,
  processes: `fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill rt_sigqueueinfo
    rt_tgsigqueueinfo pidfd_open pidfd_send_signal getpid getppid gettid getpgid getpgrp getsid setpgid setsid
    set_tid_address set_robust_list get_robust_list rseq arch_prctl prctl getpriority getrlimit getrusage
    sched_yield sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min sched_rr_get_interval ioprio_get getcpu seccomp landlock_create_ruleset
    landlock_add_rule landlock_restrict_self`,
  signals: `rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigtimedwait rt_sigreturn sigaltstack`,
  identity: `getuid geteuid getgid getegid getgroups getresuid getresgid setuid setgid setreuid setregid setresuid
    setresgid setgroups setfsuid setfsgid capget capset uname sysinfo getrandom`,
  sockets: `socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt
    sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg`,
  ipc: `shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink
    mq_timedsend mq_timedreceive mq_notify mq_getsetattr`,
};

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET: none of them may be set. */
const NAMESPACES = 0x7e020000;
/** Every RLIMIT but CORE: see the ulimits in `container-spec.ts`. */
const LIMITS_TO_CHANGE = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const PRIO_PROCESS = 0;
const IOPRIO_WHO_PROCESS = 1;
/** Linux, Linux with 32-bit addresses off, and "tell me": what C libraries and runtimes ask for. */
const PERSONALITIES = [0x0, 0x0008, 0x20000, 0x20008, 0xffffffff];

const equals = (index: number, value: number): Comparison => ({ index, value, op: 'SCMP_CMP_EQ' });
const allow = (names: readonly string[], ...args: Comparison[]): Rule =>
  args.length > 0 ? { names, action: ALLOW, args } : { names, action: ALLOW };

const RULES: readonly Rule[] = [
  allow(
    Object.values(CALLS)
      .join(' ')
      .split(/\s+/)
      .filter((name) => name !== ''),
  ),
  ...[AF_UNIX, AF_INET, AF_INET6].map((family) => allow(['socket'], equals(0, family))),
  ...PERSONALITIES.map((personality) => allow(['personality'], equals(0, personality))),
  allow(['clone'], { index: 0, value: NAMESPACES, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }),
  { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
  // Of oneself only: 0 names the caller.
  allow(['sched_setaffinity', 'sched_setattr', 'sched_setparam', 'sched_setscheduler'], equals(0, 0)),
  // With no new limit given it reads.
  allow(['prlimit64'], equals(0, 0), equals(2, 0)),
  ...LIMITS_TO_CHANGE.map((limit) => allow(['prlimit64'], equals(0, 0), equals(1, limit))),
  ...LIMITS_TO_CHANGE.map((limit) => allow(['setrlimit'], equals(0, limit))),
  allow(['setpriority'], equals(0, PRIO_PROCESS), equals(1, 0)),
  allow(['ioprio_set'], equals(0, IOPRIO_WHO_PROCESS), equals(1, 0)),
];

/** The profile as the engine's `seccomp=` option takes it. */
export const SECCOMP_PROFILE = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: EPERM,
  // Without sub-architectures: a 32-bit call ends the process.
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ],
  syscalls: RULES,
});
