import { expect, test } from 'vitest';
import { mendOf } from '../../src/engine-trouble.ts';

test.each([
  ['(HTTP code 400) bad parameter - Unknown runtime specified runsc', 'CODESYNC_RUNTIME'],
  ['(HTTP code 400) unexpected - unknown or invalid runtime name: runsc', 'CODESYNC_RUNTIME'],
  [
    'NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted',
    'CONFIG_CFS_BANDWIDTH',
  ],
  ['seccomp is not enabled in your kernel, cannot run a custom seccomp profile', 'CONFIG_SECCOMP_FILTER'],
  ['mkdir /var/lib/docker/overlay2/ab-init: no space left on device', 'docker system df'],
  ['cgroups: cannot find cgroup mount destination: unknown', 'cgroup controllers'],
  ['(HTTP code 404) no such container - No such image: codesync-sandbox:ab', 'Start CodeSync again'],
  ['OCI runtime create failed: mount proc: operation not permitted', 'runs as root'],
])('%s', (said, named) => {
  expect(mendOf(said)).toContain(named);
});

test('what nobody foresaw has no mend made up for it', () => {
  expect(mendOf('the agent was not ready after 20000 ms')).toBeNull();
});
