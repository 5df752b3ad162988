import type { Labels } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { addPod, NODES, ownedBy, type Place, podSpec, suffix, type Template, uidOf } from './pods.ts';
import type { Story } from './story.ts';

/*
 * Workloads with all that their controllers would make of them. The controllers themselves are not asked: they make up
 * names, and pods that nothing schedules. The story has to have said when the workload was written.
 */

export function deployment(
  story: Story,
  namespace: string,
  name: string,
  template: Template,
  places: readonly Place[],
): void {
  const hash = suffix(`${namespace}/${name}`, 10);
  const labels = { ...labelsOf(name, template), 'pod-template-hash': hash };
  const replicaSet = `${name}-${hash}`;
  const owned = ownedBy({ apiVersion: 'apps/v1', kind: 'Deployment', name }, namespace);
  story.add(
    'apps/v1',
    'Deployment',
    namespace,
    name,
    { spec: { replicas: places.length, ...selecting(labelsOf(name, template), template) } },
    { labels: labelsOf(name, template) },
  );
  story.add(
    'apps/v1',
    'ReplicaSet',
    namespace,
    replicaSet,
    { spec: { replicas: places.length, ...selecting(labels, template) } },
    { labels, ...owned },
  );
  places.forEach((place, index) => {
    addPod(story, namespace, `${replicaSet}-${suffix(`${namespace}/${name}/${index}`)}`, template, place, {
      labels,
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet },
    });
  });
}

export function statefulSet(
  story: Story,
  namespace: string,
  name: string,
  template: Template,
  places: readonly Place[],
): void {
  const labels = labelsOf(name, template);
  story.add(
    'apps/v1',
    'StatefulSet',
    namespace,
    name,
    { spec: { serviceName: name, replicas: places.length, ...selecting(labels, template) } },
    { labels },
  );
  places.forEach((place, index) => {
    addPod(story, namespace, `${name}-${index}`, template, place, {
      labels: {
        ...labels,
        'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
        'apps.kubernetes.io/pod-index': `${index}`,
      },
      owner: { apiVersion: 'apps/v1', kind: 'StatefulSet', name },
    });
  });
}

/** On every node. */
export function daemonSet(story: Story, namespace: string, name: string, template: Template, since: string): void {
  const labels = labelsOf(name, template);
  story.add('apps/v1', 'DaemonSet', namespace, name, { spec: selecting(labels, template) }, { labels });
  for (const node of Object.keys(NODES)) {
    addPod(
      story,
      namespace,
      `${name}-${suffix(`${namespace}/${name}/${node}`)}`,
      template,
      { node, since },
      {
        labels,
        owner: { apiVersion: 'apps/v1', kind: 'DaemonSet', name },
      },
    );
  }
}

/** With its last job, which is done. `run`: the minute since 1970 that it was due, which ends the job's name. */
export function cronJob(
  story: Story,
  namespace: string,
  name: string,
  schedule: string,
  template: Template,
  { run, ...place }: Place & { run: number },
): void {
  const spec = { ...podSpec(template), restartPolicy: 'Never' };
  const job = `${name}-${run}`;
  const labels = {
    ...labelsOf(name, template),
    'batch.kubernetes.io/controller-uid': uidOf('Job', namespace, job),
    'batch.kubernetes.io/job-name': job,
  };
  const owned = ownedBy({ apiVersion: 'batch/v1', kind: 'CronJob', name }, namespace);
  story.add('batch/v1', 'CronJob', namespace, name, {
    spec: { schedule, jobTemplate: { spec: { template: { metadata: { labels: labelsOf(name, template) }, spec } } } },
  });
  story.on(place.since, 'kube-controller-manager');
  story.add(
    'batch/v1',
    'Job',
    namespace,
    job,
    { spec: { template: { metadata: { labels: labelsOf(name, template) }, spec } } },
    owned,
  );
  const once = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
  addPod(story, namespace, `${job}-${suffix(`${namespace}/${job}`)}`, once, place, {
    labels,
    owner: { apiVersion: 'batch/v1', kind: 'Job', name: job },
    done: true,
  });
}

/** A pod of a file on the node, as the API shows it. */
export function staticPod(story: Story, name: string, template: Template, place: Place & { node: string }): void {
  addPod(story, 'kube-system', `${name}-${place.node}`, template, place, {
    labels: { component: name, tier: 'control-plane' },
    annotations: { 'kubernetes.io/config.mirror': suffix(name, 16), 'kubernetes.io/config.source': 'file' },
    owner: { apiVersion: 'v1', kind: 'Node', name: place.node },
  });
}

const labelsOf = (name: string, { labels }: Template): Labels => labels ?? { app: name };

const selecting = (labels: Labels, template: Template): Raw => ({
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: podSpec(template) },
});
