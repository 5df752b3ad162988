import { isBuiltin } from 'node:module';
import ts from 'typescript';

/**
 * What of a CommonJS script runs otherwise in the executable than from the sources, each as it stands there: an `import()` or `import.meta`, a `require`
 * of what is no module of Node's own, the path of the script or of Node, and threads, whose code would be another file. Looks at the syntax
 * tree: what only stands in a string, a comment or a property's name does not count. Throws where the script cannot be parsed.
 */
export function foreignCode(script: string): string[] {
  const file = ts.createSourceFile('script.cjs', script, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const [problem] = (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
  if (problem) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  const found: string[] = [];
  const visit = (node: ts.Node, parent: ts.Node) => {
    if (isForeign(node, parent)) found.push(node.getText(file));
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(file, file);
  return found;
}

function isForeign(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isCallExpression(node)) return isImport(node) || isForeignRequire(node);
  if (ts.isMetaProperty(node)) return node.keywordToken === ts.SyntaxKind.ImportKeyword;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'execPath';
  return ts.isIdentifier(node) && PATHS.has(node.text) && !isName(node, parent);
}

const isImport = ({ expression }: ts.CallExpression): boolean => expression.kind === ts.SyntaxKind.ImportKeyword;

function isForeignRequire({ expression, arguments: [module] }: ts.CallExpression): boolean {
  if (!ts.isIdentifier(expression) || expression.text !== 'require') return false;
  return !module || !ts.isStringLiteral(module) || !isBuiltin(module.text) || THREADS.test(module.text);
}

/** Whether the identifier names something of its own, as a property or a variable does. */
function isName(node: ts.Identifier, parent: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent)) && parent.name === node;
}

const PATHS: ReadonlySet<string> = new Set(['__dirname', '__filename']);
const THREADS = /^(node:)?(worker_threads|cluster)$/;
