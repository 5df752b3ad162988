import type { Check } from '../check.ts';
import { joinQuote, pluralize } from '../words.ts';

/**
 * Baseline: volumes must not be directories of the node. The check does not see a PersistentVolume of type hostPath
 * behind a claim. Mirrors pod-security-admission policy/check_hostPathVolumes.go.
 */
export const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  level: 'baseline',
  fields: ['spec.volumes[*].hostPath'],
  versions: [
    {
      since: '1.0',
      run: ({ volumes }) => {
        const bad = volumes.filter(({ sources }) => sources.includes('hostPath')).map(({ name }) => name);
        return bad.length === 0
          ? null
          : { reason: 'hostPath volumes', detail: `${pluralize('volume', 'volumes', bad.length)} ${joinQuote(bad)}` };
      },
    },
  ],
};
