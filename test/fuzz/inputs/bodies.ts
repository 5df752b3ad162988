import { gzipSync } from 'node:zlib';
import type { Schema } from '../../../src/cluster/lists/protobuf/schema.ts';
import { schemaOf } from '../../../src/cluster/lists/protobuf/schemas.ts';
import { isRaw } from '../../../src/world/raw.ts';
import { field, numberField, time, typed } from '../../helpers/protobuf.ts';
import type { Random } from '../../helpers/random.ts';
import type { Input } from '../ask.ts';
import { HOSTILE } from '../hostile.ts';
import { mangleStructure, mangleText, spoiledName } from '../mangle.ts';
import { serverOpened } from './server.ts';

/** Questions that a server is asked, and what they ask it for. */
const QUESTIONS: readonly string[] = [
  ...[
    'exec web -n dev --subject user/jane',
    'exec web -n dev',
    'who create pods/exec -n dev --subject user/lent',
    'who get secrets -A',
    'who get /metrics',
  ],
  ...[
    'who list clusterpolicies.kyverno.io --subject user/wide',
    'raw-sockets web -n dev',
    'raw-sockets -n dev',
    'proxy svc/web -n dev --direct',
    'port-forward web -n dev -o wide',
  ],
  ...[
    'debug web -n dev --subject user/nobody',
    'logs -l app=web -n dev --direct',
    'who create pods/exec -A --subject user/jane -o json',
    'raw-sockets -A -o json',
    'privileged user/jane',
  ],
];

/** Of those whom no question names. */
const NAMES: readonly string[] = ['wide', 'lent', 'r', 'n1', 'p', 'k', 'env', 'prod', 'app', '1', 'v1.37.2', 'olivia'];

/** A server of which one answer is not what it should be, or on which somebody is called what nobody should be. */
export function bodyOf(choose: Random): Input {
  const words = choose.pick(QUESTIONS).split(' ');
  if (choose.chance(0.25)) {
    const [old, by] = spoiledName(choose.pick(NAMES), choose);
    const spoil = (_: string, body: Buffer): Buffer => Buffer.from(body.toString().replaceAll(old, () => by));
    return { words, open: async () => serverOpened(spoil) };
  }
  const hit = choose.below(9);
  let count = 0;
  const seen = new Map<string, Buffer>();
  const spoil = (path: string, body: Buffer): Buffer => {
    const known = seen.get(path);
    if (known) return known;
    const spoiled = count === hit ? spoiledBody(path, body, choose) : body;
    count += 1;
    seen.set(path, spoiled);
    return spoiled;
  };
  return { words, open: async () => serverOpened(spoil) };
}

function spoiledBody(path: string, body: Buffer, choose: Random): Buffer {
  if (choose.chance(0.3)) return mangleText(body, choose);
  const document: unknown = JSON.parse(body.toString());
  const kind = /\/(rolebindings|clusterrolebindings|roles|clusterroles|pods)(\?|$)/.exec(path)?.[1];
  if (kind && isRaw(document) && choose.chance(0.5)) {
    const schema = schemaOf({ kind: kind as 'pods' });
    if (schema) return protobufOf(document, schema, choose);
  }
  if (choose.chance(0.02)) return gzipSync(body);
  if (isRaw(document) && choose.chance(0.1))
    return Buffer.from(JSON.stringify({ ...document, metadata: { continue: choose.pick(HOSTILE) } }));
  return Buffer.from(JSON.stringify(mangleStructure(document, choose)));
}

/** A list as protobuf, of objects that are odd, or with bytes that are. */
function protobufOf({ apiVersion, kind, items }: Record<string, unknown>, schema: Schema, choose: Random): Buffer {
  const isText = choose.chance(0.5);
  const objects = (Array.isArray(items) ? items : [])
    .slice(0, 8)
    .map((each) => (isText ? each : mangleStructure(each, choose)));
  const list = typed(
    String(apiVersion),
    String(kind),
    field(1, field(1), field(2, '1'), field(3, '')),
    ...objects.map((each) => field(2, encoded(each, schema))),
  );
  return isText ? mangleText(list, choose) : list;
}

/** Also of objects that have a toString of their own. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** What of an object has a field; a value that is none of its type is written as the text of it. */
function encoded(object: unknown, schema: Schema): Buffer {
  if (!isRaw(object)) return Buffer.from(textOf(object));
  const parts = schema.flatMap((each, number) => {
    const value = each && object[each.name];
    if (!each || value === undefined || value === null)
      return each?.type === 'inline' ? [field(number, encoded(object, each.schema))] : [];
    if (each.type === 'objects' || each.type === 'texts')
      return (Array.isArray(value) ? value : [value]).map((item) =>
        field(number, each.type === 'texts' ? textOf(item) : encoded(item, each.schema)),
      );
    if (each.type === 'map')
      return Object.entries(value).map(([key, text]) => field(number, field(1, key), field(2, textOf(text))));
    if (each.type === 'integer' || each.type === 'boolean')
      return [numberField(number, Number.isSafeInteger(value) ? Number(value) : -1)];
    if (each.type === 'time') return [time(number, Date.parse(textOf(value)) / 1000 || 0)];
    return [field(number, each.type === 'object' ? encoded(value, each.schema) : textOf(value))];
  });
  return Buffer.concat(parts);
}
