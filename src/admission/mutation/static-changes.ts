import type { Node } from '../../cel/syntax/ast.ts';
import { Unparsable } from '../../cel/syntax/ast.ts';
import { parse } from '../../cel/syntax/parse.ts';
import type { Mutation } from '../policies/policy.ts';
import { pathOfPointer } from './paths.ts';

/**
 * The fields that mutations may change, as far as their text shows it: the paths of JSON Patches that are written out,
 * and the fields of an `Object{…}`. Null where they may be any. Pure.
 */
export function staticChanges(mutations: readonly Mutation[]): readonly string[] | null {
  const found = mutations.map(({ type, expression }) => {
    try {
      const node = parse(expression.source);
      return type === 'JSONPatch' ? ofPatches(node) : ofObject(node);
    } catch (error) {
      if (error instanceof Unparsable) return null;
      throw error;
    }
  });
  return together(found);
}

function together(found: readonly (readonly string[] | null)[]): readonly string[] | null {
  return found.includes(null) ? null : [...new Set(found.flatMap((each) => each ?? []))];
}

/** Null for a patch that is not written out as a list, since its paths may be any. */
function ofPatches(node: Node): readonly string[] | null {
  switch (node.op) {
    case 'list':
      return together(node.items.map(({ value }) => ofPatches(value)));
    case 'choose':
      return together([ofPatches(node.then), ofPatches(node.otherwise)]);
    case 'struct':
      return node.type === 'JSONPatch' ? together(node.fields.filter(isPath).map(({ value }) => pointer(value))) : null;
    case 'call':
      if (node.target === null && node.name === '_+_') return together(node.args.map(ofPatches));
      // The patches that a comprehension makes of each element.
      return node.target !== null && node.name === 'map' ? together(node.args.slice(-1).map(ofPatches)) : null;
    default:
      return null;
  }
}

const isPath = ({ name }: { name: string }): boolean => name === 'path' || name === 'from';

/** A path that is written out, or whose beginning is. */
function pointer(node: Node): readonly string[] | null {
  if (node.op === 'literal') return typeof node.value.value === 'string' ? [pathOfPointer(node.value.value)] : null;
  if (node.op !== 'call' || node.target !== null || node.name !== '_+_') return null;
  let first: Node | undefined = node;
  while (first?.op === 'call' && first.target === null && first.name === '_+_') first = first.args[0];
  if (first?.op !== 'literal' || typeof first.value.value !== 'string') return null;
  const begins = first.value.value;
  const whole = begins.slice(0, begins.lastIndexOf('/'));
  return whole === '' ? null : [pathOfPointer(whole)];
}

function ofObject(node: Node): readonly string[] | null {
  switch (node.op) {
    case 'struct':
      return together(
        node.fields.map(({ name, value }) => inField(value, `${node.type}.${name}`.replace(/^Object\./, ''))),
      );
    case 'choose':
      return together([ofObject(node.then), ofObject(node.otherwise)]);
    default:
      return null;
  }
}

function inField(node: Node, path: string): readonly string[] | null {
  if (node.op === 'struct') return node.fields.length === 0 ? [path] : ofObject(node);
  if (node.op !== 'choose') return [path];
  return together([inField(node.then, path), inField(node.otherwise, path)]);
}
