/**
 * The parts of the peers' interfaces that are used here. They are declared and not taken from the packages, because
 * those are installed when the bench runs and the types are checked without them.
 */

declare module 'ot' {
  namespace ot {
    class TextOperation {
      retain(length: number): this;
      insert(text: string): this;
      delete(length: number): this;
      apply(text: string): string;
      compose(next: TextOperation): TextOperation;
      toJSON(): (number | string)[];
      static fromJSON(parts: readonly (number | string)[]): TextOperation;
    }
    class Client {
      static AwaitingWithBuffer: new () => object;
      readonly state: object;
      constructor(revision: number);
      applyClient(operation: TextOperation): void;
      applyServer(operation: TextOperation): void;
      serverAck(): void;
      serverReconnect(): void;
      sendOperation(revision: number, operation: TextOperation): void;
      applyOperation(operation: TextOperation): void;
    }
    class Server {
      constructor(document: string);
      readonly document: string;
      readonly operations: readonly TextOperation[];
      receiveOperation(revision: number, operation: TextOperation): TextOperation;
    }
  }
  export default ot;
}

declare module 'ot-text-unicode' {
  export type TextOp = readonly (number | string | { readonly d: number | string })[];
  export const type: {
    readonly uri: string;
    checkOp(op: TextOp): void;
    normalize(op: TextOp): TextOp;
    apply(text: string, op: TextOp): string;
    compose(first: TextOp, second: TextOp): TextOp;
    transform(op: TextOp, over: TextOp, side: 'left' | 'right'): TextOp;
  };
}

declare module '@codemirror/state' {
  export class Text {
    static of(lines: readonly string[]): Text;
    toString(): string;
  }
  export class ChangeSet {
    static fromJSON(json: unknown): ChangeSet;
    toJSON(): unknown;
    apply(text: Text): Text;
  }
  export type Extension = { readonly extension: Extension };
  export class Transaction {
    readonly state: EditorState;
  }
  export class EditorState {
    static create(config: { doc: Text; extensions: readonly Extension[] }): EditorState;
    readonly doc: Text;
    update(spec: { changes: { from: number; to: number; insert: Text } }): Transaction;
  }
}

declare module '@codemirror/collab' {
  import type { ChangeSet, EditorState, Extension, Transaction } from '@codemirror/state';

  type Update = { readonly clientID: string; readonly changes: ChangeSet };
  export function collab(config: { clientID: string }): Extension;
  export function getSyncedVersion(state: EditorState): number;
  export function receiveUpdates(state: EditorState, updates: readonly Update[]): Transaction;
  export function sendableUpdates(state: EditorState): readonly Update[];
  export function rebaseUpdates(updates: readonly Update[], over: readonly Update[]): readonly Update[];
}

declare module 'yjs' {
  export class Text {
    insert(at: number, text: string): void;
    delete(at: number, length: number): void;
    toString(): string;
  }
  export class Doc {
    clientID: number;
    getText(name: string): Text;
    on(event: 'update', listener: (update: Uint8Array) => void): void;
    transact(work: () => void): void;
  }
  export function applyUpdate(doc: Doc, update: Uint8Array): void;
  export function encodeStateAsUpdate(doc: Doc, since?: Uint8Array): Uint8Array;
  export function encodeStateVector(doc: Doc): Uint8Array;
}

declare module 'json-joy/lib/json-crdt/index.js' {
  import type jsonJoyPatch from 'json-joy/lib/json-crdt-patch/index.js';

  namespace jsonJoy {
    class StrApi {
      ins(at: number, text: string): void;
      del(at: number, length: number): void;
      view(): string;
    }
    class Model {
      static create(schema: jsonJoyPatch.Schema, session: number): Model;
      static load(bytes: Uint8Array, session: number): Model;
      readonly api: { str(path: readonly string[]): StrApi; flush(): jsonJoyPatch.Patch };
      applyPatch(patch: jsonJoyPatch.Patch): void;
      toBinary(): Uint8Array;
    }
  }
  export default jsonJoy;
}

declare module 'json-joy/lib/json-crdt-patch/index.js' {
  namespace jsonJoyPatch {
    class Patch {
      static fromBinary(bytes: Uint8Array): Patch;
      toBinary(): Uint8Array;
    }
    class Schema {
      readonly type: string;
    }
    const s: { str(text: string): Schema };
  }
  export default jsonJoyPatch;
}

declare module 'diamond-types-web' {
  export default function init(wasm: Uint8Array): Promise<unknown>;
  export class Doc {
    constructor(agent: string);
    static fromBytes(bytes: Uint8Array, agent: string): Doc;
    free(): void;
    ins(at: number, text: string): void;
    del(at: number, length: number): void;
    get(): string;
    getLocalVersion(): Uint32Array;
    getPatchSince(version: Uint32Array): Uint8Array;
    mergeBytes(bytes: Uint8Array): void;
    toBytes(): Uint8Array;
  }
}

declare module 'loro-crdt' {
  export class VersionVector {
    toJSON(): ReadonlyMap<string, number>;
  }
  export class LoroText {
    insert(at: number, text: string): void;
    delete(at: number, length: number): void;
    toString(): string;
  }
  export class LoroDoc {
    setPeerId(id: string): void;
    getText(name: string): LoroText;
    commit(): void;
    version(): VersionVector;
    export(mode: { mode: 'snapshot' } | { mode: 'update'; from: VersionVector }): Uint8Array;
    import(bytes: Uint8Array): void;
    importBatch(batch: Uint8Array[]): void;
    subscribeLocalUpdates(listener: (update: Uint8Array) => void): () => void;
  }
}

declare module '@automerge/automerge' {
  export type Heads = readonly string[];
  export type Doc<T> = Readonly<T>;
  export function from<T>(value: T, actor: string): Doc<T>;
  export function load<T>(bytes: Uint8Array, actor: string): Doc<T>;
  export function change<T>(doc: Doc<T>, work: (draft: T) => void): Doc<T>;
  export function splice<T>(
    doc: T,
    path: readonly string[],
    at: number,
    remove: number,
    insert: string,
  ): void;
  export function getLastLocalChange<T>(doc: Doc<T>): Uint8Array | undefined;
  export function getHeads<T>(doc: Doc<T>): Heads;
  export function saveSince<T>(doc: Doc<T>, heads: Heads): Uint8Array;
  export function loadIncremental<T>(doc: Doc<T>, bytes: Uint8Array): Doc<T>;
  export function save<T>(doc: Doc<T>): Uint8Array;
}
