import { isBuiltin } from 'node:module';
import { type AnyNode, type CallExpression, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';

/**
 * What of a CommonJS script runs otherwise in the executable than from the sources, each as it stands there: an
 * `import()`, a `require` of what is no module of Node's own, the path of the script or of Node, and threads, whose
 * code would be another file. Looks at the syntax tree: what only stands in a string, a comment or a property's name
 * does not count. Throws a SyntaxError where the script cannot be parsed, as with an `import.meta`.
 */
export function foreignCode(script: string): string[] {
  const program = parse(script, { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true });
  const found = new Set<AnyNode>();
  fullAncestor(program, (node, _, ancestors) => {
    const parent = ancestors.at(-2) as AnyNode | undefined;
    if (isForeign(node as AnyNode, parent)) found.add(node as AnyNode);
  });
  return [...found].sort((a, b) => a.start - b.start).map(({ start, end }) => script.slice(start, end));
}

function isForeign(node: AnyNode, parent: AnyNode | undefined): boolean {
  switch (node.type) {
    case 'ImportExpression':
      return true;
    case 'CallExpression':
      return isForeignRequire(node);
    case 'MemberExpression':
      return !node.computed && node.property.type === 'Identifier' && node.property.name === 'execPath';
    case 'Identifier':
      return PATHS.has(node.name) && !isName(node, parent);
    default:
      return false;
  }
}

function isForeignRequire({ callee, arguments: [module] }: CallExpression): boolean {
  if (callee.type !== 'Identifier' || callee.name !== 'require') return false;
  return (
    module?.type !== 'Literal' ||
    typeof module.value !== 'string' ||
    !isBuiltin(module.value) ||
    THREADS.test(module.value)
  );
}

/** Whether the identifier names something of its own, as a property or a variable does. */
function isName(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent?.type === 'Property') return parent.key === node && !parent.computed && !parent.shorthand;
  return parent?.type === 'VariableDeclarator' && parent.id === node;
}

const PATHS: ReadonlySet<string> = new Set(['__dirname', '__filename']);
const THREADS = /^(node:)?(worker_threads|cluster)$/;
