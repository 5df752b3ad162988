/**
 * Writes how the API server merges the objects that lead to pods: src/admission/mutation/types.json, from the schema
 * that upstream's client-go carries along (applyconfigurations/internal), of the version that the control plane of the
 * tests is built from.
 *
 *   node scripts/schema-facts.ts        (Node 26, Go)
 *
 * To be run again when the control plane in test/cluster/controlplane moves to a new minor version.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Shape } from '../src/admission/mutation/types.ts';

const ROOT = join(import.meta.dirname, '..');
/** The kinds that become pods, and those that somebody writes to get around admission. */
const ROOTS = [
  ...[
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'Namespace',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'ServiceAccount',
    'ConfigMap',
  ].map((kind) => `io.k8s.api.core.v1.${kind}`),
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => `io.k8s.api.apps.v1.${kind}`),
  ...['Job', 'CronJob'].map((kind) => `io.k8s.api.batch.v1.${kind}`),
];

/** What no policy that decides over pods looks at. */
const UNREAD: ReadonlySet<string> = new Set(['status', 'managedFields']);

/** An atom of the schema, as structured-merge-diff writes it. */
interface Atom {
  namedType?: string;
  scalar?: 'string' | 'numeric' | 'boolean' | 'untyped';
  list?: { elementType: Atom; elementRelationship: string; keys?: string[] };
  map?: {
    fields?: { name: string; type: Atom; default?: unknown }[];
    elementType?: Atom;
    elementRelationship?: string;
  };
}

const directory = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'k8s.io/client-go'], {
  cwd: join(ROOT, 'test/cluster/controlplane'),
  encoding: 'utf8',
}).trim();
const source = readFileSync(join(directory, 'applyconfigurations/internal/internal.go'), 'utf8');
const { types } = load(/YAMLObject\(`([\s\S]*)`\)/.exec(source)?.[1] ?? '') as { types: ({ name: string } & Atom)[] };
const byName = new Map(types.map((each) => [each.name, each]));

const shapes = new Map<string, Shape>();
ROOTS.forEach(add);
const entries = [...shapes]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, shape]) => `${JSON.stringify(name)}: ${JSON.stringify(shape)}`);
writeFileSync(join(ROOT, 'src/admission/mutation/types.json'), `{\n${entries.join(',\n')}\n}\n`);

function add(name: string): void {
  const short = shortOf(name);
  const type = byName.get(name);
  if (shapes.has(short) || !type) return;
  // Its own name is known while its fields are looked at: types may hold themselves.
  shapes.set(short, 'any');
  shapes.set(short, shapeOf(type));
}

function shapeOf({ namedType, scalar, list, map }: Atom): Shape {
  if (namedType?.startsWith('__')) return 'any';
  if (namedType !== undefined) {
    add(namedType);
    return { type: shortOf(namedType) };
  }
  // Some types may be anything: their first form is the one of upstream's own objects.
  if (scalar !== undefined) return scalar === 'untyped' && (list || map) ? 'any' : scalar;
  if (list) {
    const element = shapeOf(list.elementType);
    return { list: element, ...(list.elementRelationship === 'associative' ? { keys: list.keys ?? [] } : {}) };
  }
  const atomic = map?.elementRelationship === 'atomic' ? { atomic: true as const } : {};
  if (!map?.fields) return { map: map?.elementType ? shapeOf(map.elementType) : 'any', ...atomic };
  const defaults = map.fields.flatMap((field) => (isSaid(field.default) ? [[field.name, field.default]] : []));
  return {
    fields: Object.fromEntries(
      map.fields.map((field) => [field.name, UNREAD.has(field.name) ? 'any' : shapeOf(field.type)]),
    ),
    ...(defaults.length > 0 ? { defaults: Object.fromEntries(defaults) } : {}),
    ...atomic,
  };
}

/** The empty default of a struct says nothing about keys. */
function isSaid(value: unknown): boolean {
  return value !== undefined && typeof value !== 'object';
}

/** `core.v1.Pod`, `meta.v1.ObjectMeta`. */
function shortOf(name: string): string {
  return name.replace(
    /^io\.k8s\.(?:api|apimachinery\.pkg\.apis|apimachinery\.pkg\.api|apimachinery\.pkg\.util|apimachinery\.pkg)\./,
    '',
  );
}
