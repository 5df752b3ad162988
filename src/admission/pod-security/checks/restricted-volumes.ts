import type { Check } from '../check.ts';
import { joinQuote, pluralize, sorted } from '../words.ts';

/**
 * Restricted: only volumes that contain nothing of the node and need no mount helper. Overrides the baseline check of
 * hostPath. A volume without a source is an emptyDir. Mirrors pod-security-admission policy/check_restrictedVolumes.go.
 */
export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  overrides: ['hostPathVolumes'],
  fields: ['spec.volumes[*]'],
  versions: [
    {
      since: '1.0',
      run: ({ volumes }) => {
        const bad = volumes.filter(
          ({ sources }) => sources.length > 0 && !sources.some((source) => ALLOWED.has(source)),
        );
        if (bad.length === 0) return null;
        // Upstream would name one of several sources, which no server accepts.
        const types = sorted(bad.flatMap(({ sources }) => sources.slice(0, 1)));
        const named = `${pluralize('volume', 'volumes', bad.length)} ${joinQuote(bad.map(({ name }) => name))}`;
        const what = pluralize('restricted volume type', 'restricted volume types', types.length);
        const uses = `${named} ${pluralize('uses', 'use', bad.length)} ${what}`;
        return { reason: 'restricted volume types', detail: `${uses} ${joinQuote(types)}` };
      },
    },
  ],
};

const ALLOWED: ReadonlySet<string> = new Set([
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
]);
