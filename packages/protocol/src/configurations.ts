import { z } from 'zod';
import { ConfigurationId, FileId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { runSetup } from './run-setup.ts';
import { WellFormedText } from './text.ts';

export const ConfigurationName = WellFormedText.trim().min(1).max(LIMITS.configurationNameUnits);

/** The fields of a `RunConfiguration` beside its id. `entry` is the file that is run. Its files may be gone. */
const parts = { name: ConfigurationName, entry: FileId, ...runSetup };
/** A way to run the room's code that the room keeps. Everyone in the room sees all of it. */
export const RunConfiguration = z.object({ id: ConfigurationId, ...parts });
export type RunConfiguration = z.infer<typeof RunConfiguration>;

export const CreateConfiguration = z.strictObject({
  kind: z.literal('configuration.create'),
  configuration: ConfigurationId,
  ...parts,
});
/** Replaces all of it. */
export const ChangeConfiguration = z.strictObject({
  kind: z.literal('configuration.change'),
  configuration: ConfigurationId,
  ...parts,
});
export const DeleteConfiguration = z.strictObject({
  kind: z.literal('configuration.delete'),
  configuration: ConfigurationId,
});
/** Let Run take this configuration for everyone; null: Run takes a file. */
export const PinConfiguration = z.strictObject({
  kind: z.literal('configuration.pin'),
  configuration: ConfigurationId.nullable(),
});

export const ConfigurationCreated = z.object({
  kind: z.literal('configuration.created'),
  configuration: ConfigurationId,
  ...parts,
});
export const ConfigurationChanged = z.object({
  kind: z.literal('configuration.changed'),
  configuration: ConfigurationId,
  ...parts,
});
export const ConfigurationDeleted = z.object({
  kind: z.literal('configuration.deleted'),
  configuration: ConfigurationId,
});
export const ConfigurationPinned = z.object({
  kind: z.literal('configuration.pinned'),
  configuration: ConfigurationId.nullable(),
});
