import { spawnSync } from 'node:child_process';

/** Where the kubelet mounts a pod's service account. */
export const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Words before a command that then sees `folder` where a pod has its service account, and nobody else does. */
export const podWith = (folder: string): string[] => [
  'unshare',
  '--map-root-user',
  '--mount',
  'sh',
  '-ec',
  MOUNT,
  'sh',
  folder,
];

/** Why nothing can be mounted here, as node:test's `skip`; false where it can. Throws with CI=true instead. */
export function whyNoPod(): string | false {
  const [command = '', ...words] = [...podWith(import.meta.dirname), 'true'];
  const { status, error, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status === 0) return false;
  const why = `no pod can be played here: ${error?.message ?? stderr.trim()}`;
  if (process.env.CI === 'true') throw new Error(why);
  return why;
}

const MOUNT = `
mount -t tmpfs tmpfs /var/run
mkdir -p ${ACCOUNT_FOLDER}
mount --bind "$1" ${ACCOUNT_FOLDER}
shift
exec "$@"
`;
