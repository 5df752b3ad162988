import { isDeepStrictEqual } from 'node:util';
import {
  dump,
  eventsToAst,
  type MappingNode,
  type Node,
  parseEvents,
  present,
  SCALAR_STYLE_DOUBLE_QUOTED,
  type ScalarNode,
  YAML11_SCHEMA,
} from 'js-yaml';
import { parseYaml } from './parse.ts';

export type ProviderConfig = Record<string, string>;

/**
 * The text of a kubeconfig in which the auth provider of the user `name` has these values in its config. Every other
 * value stays unchanged and in its place; comments are lost, as they are when kubectl writes a kubeconfig. JSON stays
 * JSON. Null where there is no such user, or the user has no auth provider. Throws an Error that quotes nothing where
 * the text cannot be parsed, or cannot be changed in this one place only.
 */
export function withProviderConfig(text: string, name: string, config: ProviderConfig): string | null {
  const wanted = parseYaml(text);
  const provider = providerOf(wanted, name);
  if (!provider) return null;
  provider.config = { ...objectOf(provider.config), ...config };
  // Whatever a value contains, it has to be read back as the same value, and all other values unchanged.
  const edited = [inJson, inTree, anew]
    .map((edit) => edit(text, name, config, wanted))
    .find((each) => isRead(each, wanted));
  if (edited === undefined || edited === null)
    throw new Error('the kubeconfig cannot be written without changing more of it');
  return edited;
}

type Edit = (text: string, name: string, config: ProviderConfig, wanted: unknown) => string | null;

function isRead(text: string | null, wanted: unknown): boolean {
  try {
    return text !== null && isDeepStrictEqual(parseYaml(text), wanted);
  } catch {
    return false;
  }
}

/** Edits the text as JSON, where numbers keep their digits; null where the text is no JSON. */
const inJson: Edit = (text, name, config) => {
  try {
    const document: unknown = JSON.parse(text, (_, value, { source }: { source?: string } = {}) =>
      typeof value === 'number' && source !== undefined ? rawJson(source) : value,
    );
    const provider = providerOf(document, name);
    if (!provider) return null;
    provider.config = { ...objectOf(provider.config), ...config };
    const indent = /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1];
    const json = JSON.stringify(document, null, indent).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, escapeInJson);
    return `${json}${text.endsWith('\n') ? '\n' : ''}`;
  } catch {
    return null;
  }
};

/** Escapes a character that Go's YAML parser, which also reads JSON, does not accept unescaped. */
const escapeInJson = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The types of TypeScript do not have JSON.rawJSON yet. */
const rawJson = (source: string): object => (JSON as unknown as { rawJSON(text: string): object }).rawJSON(source);

/**
 * Edits the tree of the document, so that every scalar keeps its spelling; null where the tree has no such place, as
 * behind an alias.
 */
const inTree: Edit = (text, name, config) => {
  try {
    const documents = eventsToAst(parseEvents(text, {}), { source: text, schema: YAML11_SCHEMA });
    const user = fieldOf(documents[0]?.contents, 'users');
    const entry = user?.kind === 'sequence' ? user.items.find((each) => isNamed(each, name)) : undefined;
    const provider = fieldOf(fieldOf(entry, 'user'), 'auth-provider');
    const values = fieldOf(provider, 'config');
    if (values?.kind !== 'mapping') return null;
    for (const [field, value] of Object.entries(config)) setValue(values, field, value);
    return present(documents, { schema: YAML11_SCHEMA, lineWidth: -1 });
  } catch {
    return null;
  }
};

/** Writes the document anew from its values, with aliases and merged maps expanded. */
const anew: Edit = (_text, _name, _config, wanted) => dump(wanted, { lineWidth: -1, noRefs: true });

function providerOf(document: unknown, name: string): Record<string, unknown> | undefined {
  const users = objectOf(document).users;
  const entry = Array.isArray(users) ? users.find((each) => objectOf(each).name === name) : undefined;
  const provider = objectOf(objectOf(entry).user)['auth-provider'];
  return typeof provider === 'object' && provider !== null ? (provider as Record<string, unknown>) : undefined;
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const isNamed = (entry: Node, name: string): boolean => {
  const value = fieldOf(entry, 'name');
  return value?.kind === 'scalar' && value.value === name;
};

/** The last of two equal keys counts. */
const pairOf = ({ items }: MappingNode, field: string) =>
  items.findLast(({ key }) => key.kind === 'scalar' && key.value === field);

const fieldOf = (node: Node | null | undefined, field: string): Node | undefined =>
  node?.kind === 'mapping' ? pairOf(node, field)?.value : undefined;

function setValue(values: MappingNode, field: string, value: string): void {
  const pair = pairOf(values, field);
  if (pair) pair.value = scalar(value);
  else values.items.push({ key: scalar(field), value: scalar(value) });
}

const scalar = (value: string): ScalarNode => ({
  kind: 'scalar',
  tag: 'tag:yaml.org,2002:str',
  tagged: false,
  style: SCALAR_STYLE_DOUBLE_QUOTED,
  value,
});
