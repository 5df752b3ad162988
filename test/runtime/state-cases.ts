import type { Raw } from '../../src/world/raw.ts';

export const RUNNING = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const WAITING = { waiting: { reason: 'CrashLoopBackOff' } };
export const ended = (exitCode: number) => ({ terminated: { exitCode } });

export interface StateCase {
  state: 'running' | 'waiting' | 'finished';
  list?: 'containers' | 'initContainers' | 'ephemeralContainers';
  container?: Raw;
  spec?: Raw;
  metadata?: Raw;
  phase?: string;
  /** Of the container; absent: there is no status yet. */
  status?: Raw;
  why: string;
}

export const STATES: StateCase[] = [
  { state: 'running', status: RUNNING, why: 'it runs' },
  { state: 'waiting', why: 'a pod that was just made has no statuses' },
  { state: 'waiting', status: WAITING, why: 'it crashes, and starts again' },
  { state: 'waiting', status: {}, why: 'a status that says nothing is that of one that waits' },
  { state: 'waiting', status: ended(0), why: 'restartPolicy is Always where it is not said' },
  { state: 'waiting', status: ended(1), spec: { restartPolicy: 'OnFailure' }, why: 'it failed, and starts again' },
  { state: 'finished', status: ended(0), spec: { restartPolicy: 'OnFailure' }, why: 'it has done its work' },
  { state: 'finished', status: ended(1), spec: { restartPolicy: 'Never' }, why: 'it never starts again' },
  {
    state: 'waiting',
    status: ended(1),
    spec: { restartPolicy: 'Never' },
    container: { restartPolicy: 'Always' },
    why: 'a policy of its own',
  },
  {
    state: 'waiting',
    status: ended(42),
    container: {
      restartPolicy: 'Never',
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
    },
    why: 'rules that may restart it',
  },
  { state: 'finished', phase: 'Succeeded', status: ended(0), why: 'a pod that has ended' },
  { state: 'finished', phase: 'Failed', why: 'an evicted pod has no statuses' },
  { state: 'finished', phase: 'Failed', status: RUNNING, why: 'a status that was never updated' },
  { state: 'running', phase: 'Unknown', status: RUNNING, why: 'its node is lost, and it may go on' },
  {
    state: 'running',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    status: RUNNING,
    why: 'a pod that is being deleted still runs',
  },
  {
    state: 'finished',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    status: ended(1),
    why: 'but starts nothing any more',
  },
  { state: 'finished', metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, why: 'nor what has not started' },
  { state: 'finished', list: 'initContainers', status: ended(0), why: 'an init container that has done its work' },
  { state: 'waiting', list: 'initContainers', status: ended(1), why: 'one that failed is tried again' },
  { state: 'running', list: 'initContainers', status: RUNNING, why: 'one that is at it' },
  {
    state: 'waiting',
    list: 'initContainers',
    container: { restartPolicy: 'Always' },
    status: ended(0),
    why: 'a sidecar starts again',
  },
  { state: 'running', list: 'ephemeralContainers', status: RUNNING, why: 'an ephemeral container' },
  { state: 'finished', list: 'ephemeralContainers', status: ended(0), why: 'an ephemeral one never starts again' },
  { state: 'finished', list: 'ephemeralContainers', status: ended(1), why: 'even if it failed' },
  { state: 'waiting', list: 'ephemeralContainers', why: 'one that was just added' },
];

/** The pod of a case, as the API has it. */
export function statePod({
  list = 'containers',
  container = {},
  spec = {},
  metadata = {},
  phase = 'Running',
  status,
}: StateCase): Raw {
  const field = {
    containers: 'containerStatuses',
    initContainers: 'initContainerStatuses',
    ephemeralContainers: 'ephemeralContainerStatuses',
  }[list];
  return {
    metadata: { name: 'p', ...metadata },
    spec: { [list]: [{ name: 'c', ...container }], ...spec },
    status: { phase, ...(status ? { [field]: [{ name: 'c', state: status }] } : {}) },
  };
}
