import type { PodView } from './pod.ts';

/**
 * Whether the pod runs on Windows, where the settings of Linux that checks ask for do not exist. Checks use this from
 * policy 1.25 on.
 */
export const isWindows = ({ os }: PodView): boolean => os === 'windows';

/**
 * Whether the pod has its own user namespace, where root has no privileges on the node. Checks use this from policy
 * 1.35 on. Mirrors pod-security-admission policy/helpers.go.
 */
export const hasOwnUsers = ({ hostUsers }: PodView): boolean => hostUsers === false;
