import { parseFiles } from '../parse/files.ts';
import { asking, flag } from '../parse/flags.ts';
import { question } from './question.ts';

export const admit = question({
  name: 'admit',
  usage: '-f FILE|DIR',
  summary: 'Would these pods be admitted, and if not, why',
  details: [
    'Pods, and those of workloads: into the namespace, by all that decides there; or',
    'with --level by Pod Security alone, without a cluster. A workload is accepted',
    'even where its pods are refused later: the answer is about the pods.',
    '',
    'yes means that all are admitted, no that at least one is refused. With',
    '--exit-code: 0 for yes, 3 for no, 4 where that depends.',
  ],
  examples: [
    ['Would these be admitted, and if not, why not?', 'admit -f deploy.yaml -n shop'],
    ['Fail a pipeline where one would be refused', 'admit -f chart/ -n shop --exit-code'],
    ['Does a chart meet a level? No cluster is asked', 'admit -f chart/ --level restricted'],
    ['The same by the checks of an older version', 'admit -f - --level baseline --level-version v1.31'],
  ],
  flags: [
    ...asking('verify'),
    flag(
      'filename',
      'list',
      'Target',
      'FILE, DIR or - : manifests of pods and workloads. Repeatable, or with commas.',
      { short: 'f' },
    ),
    flag('level', 'string', 'Target', 'Ask Pod Security alone, and no cluster: privileged, baseline or restricted.', {
      alone: true,
      values: ['privileged', 'baseline', 'restricted'],
    }),
    flag('level-version', 'string', 'Target', "Of that level's checks: latest, or v1.34 and the like.", {
      alone: true,
    }),
  ],
  parse: parseFiles,
  named: ({ paths, level }) => ({ files: paths, isClusterless: level !== null }),
  read: async ({ paths }, stdin) => (await import('../../cluster/input/pod-files.ts')).readPodFiles(paths, stdin),
  place: ({ level }, { home, given }, files) => ({ ...files, namespace: home, given, level }),
  load: async () => (await import('../../questions/admit/admit.ts')).admit,
  view: async () => (await import('../../render/views/admit.ts')).admitView,
  keepsPodsWhole: false,
});
