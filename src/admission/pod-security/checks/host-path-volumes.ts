import type { Check } from '../check.ts';
import { joinQuote, pluralize } from '../words.ts';

/**
 * Baseline: no directory of the node. A PersistentVolume of type hostPath behind a claim is not seen.
 * Mirrors pod-security-admission policy/check_hostPathVolumes.go.
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
