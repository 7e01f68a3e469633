/**
 * The processor time of this thread, to the nanosecond. Node's own `threadCpuUsage` moves once in a millisecond on
 * many Linux kernels; WASI asks for the thread's clock itself. It costs about a microsecond. WASI is loaded with the first
 * question, because Node warns of it then: processes that time nothing need not.
 */
/** CLOCK_THREAD_CPUTIME_ID in WASI preview 1. */
const THREAD_CLOCK = 3;

let clock: (() => number) | null = null;

/** Milliseconds since some moment. */
export function processorMs(): number {
  clock ??= openClock();
  return clock();
}

function openClock(): () => number {
  const { WASI } = process.getBuiltinModule('node:wasi');
  const memory = new WebAssembly.Memory({ initial: 1 });
  const wasi = new WASI({ version: 'preview1' });
  wasi.initialize({ exports: { memory } });
  const ask: (clock: number, precision: bigint, address: number) => number = wasi.wasiImport
    .clock_time_get as never;
  const answer = new DataView(memory.buffer);
  return () => {
    ask(THREAD_CLOCK, 0n, 0);
    return Number(answer.getBigUint64(0, true)) / 1e6;
  };
}
