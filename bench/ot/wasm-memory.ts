/**
 * Memory of WebAssembly modules, which `process.memoryUsage()` leaves out. Import this before the modules: it notes
 * the memory of every instance that is made after it.
 */
const memories = new Set<WebAssembly.Memory>();

function note(instance: WebAssembly.Instance): void {
  for (const value of Object.values(instance.exports)) {
    if (value instanceof WebAssembly.Memory) memories.add(value);
  }
}

const { Instance, instantiate } = WebAssembly;

WebAssembly.Instance = new Proxy(Instance, {
  construct(target, args, self) {
    const instance = Reflect.construct(target, args, self);
    note(instance);
    return instance;
  },
});

WebAssembly.instantiate = (async (source: BufferSource, imports?: WebAssembly.Imports) => {
  const result: object = await instantiate(source, imports);
  if (result instanceof Instance) note(result);
  else note((result as WebAssembly.WebAssemblyInstantiatedSource).instance);
  return result;
}) as typeof WebAssembly.instantiate;

/** Bytes of all of them together; it never shrinks. */
export function wasmBytes(): number {
  let bytes = 0;
  for (const memory of memories) bytes += memory.buffer.byteLength;
  return bytes;
}
