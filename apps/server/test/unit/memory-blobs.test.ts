import { randomBytes } from 'node:crypto';
import { roomId } from '@codesync/protocol/testing';
import { blobStoreContract } from '../support/blob-store-contract.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';

const blobs = new MemoryBlobs();

blobStoreContract(
  'in memory',
  () => blobs,
  async () => roomId(randomBytes(16).toString('base64url')),
  async () => {},
);
