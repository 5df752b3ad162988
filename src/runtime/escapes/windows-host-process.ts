import { depends, no } from '../../answer/verdict.ts';
import { opening } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * A process of a Windows node in all but name.
 * Condition: windowsOptions.hostProcess, of the container or the pod.
 * Bounds:    the account that it runs as (runAsUserName); on Linux nodes it means nothing.
 */
export const windowsHostProcess: Escape = {
  id: 'windows-hostprocess',
  title: 'hostProcess',
  windows: true,
  find: ({ settings }, { environments }) => {
    if (!settings.hostProcess) return [];
    const onLinux = environments.every(({ os }) => os === 'linux');
    const bound = onLinux ? no('its node is not Windows') : depends([ACCOUNT], 'yes', ['as its Windows account may']);
    return [opening('node root', 'hostProcess: a process of the node', bound)];
  },
};

const ACCOUNT = {
  kind: 'invisible',
  what: 'what its Windows account may do',
  why: 'it is set on the node',
  affects: 'hostProcess containers',
} as const;
