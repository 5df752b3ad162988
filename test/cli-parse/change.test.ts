import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeChoice } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';

const said = (kind: string, namespace: string | null, name: string, isNamespaced = true) =>
  ({ kind, isNamespaced, namespace, name }) as ChangeChoice['removals'][number];

const cases: [line: string, files: string[], removals: ChangeChoice['removals']][] = [
  ['--with a.yaml', ['a.yaml'], []],
  ['--with=a.yaml,b.yaml --with -', ['a.yaml', 'b.yaml', '-'], []],
  ['--without rolebinding/web', [], [said('rolebindings', null, 'web')]],
  ['--without rolebindings/shop/web', [], [said('rolebindings', 'shop', 'web')]],
  ['--without sa/ci/bot,deploy/web', [], [said('serviceaccounts', 'ci', 'bot'), said('deployments', null, 'web')]],
  ['--without deployments.apps/web', [], [said('deployments', null, 'web')]],
  ['--without deployments.v1.apps/web', [], [said('deployments', null, 'web')]],
  ['--without RoleBinding/web', [], [said('rolebindings', null, 'web')]],
  [
    '--without ns/shop --without no/n1',
    [],
    [said('namespaces', null, 'shop', false), said('nodes', null, 'n1', false)],
  ],
  ['--without clusterrole/system:node', [], [said('clusterroles', null, 'system:node', false)]],
  ['--without cm/shop/settings', [], [said('ConfigMap.', 'shop', 'settings')]],
  [
    '--without validatingadmissionpolicybinding/no-root',
    [],
    [said('ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io', null, 'no-root', false)],
  ],
  ['--without clusterpolicies.kyverno.io/x', [], [said('ClusterPolicy.kyverno.io', null, 'x', false)]],
  ['--with a.yaml --without pod/web-0', ['a.yaml'], [said('pods', null, 'web-0')]],
];
for (const [line, files, removals] of cases)
  test(line, () => {
    const found = parseArgs(['exec', 'web-0', ...line.split(' ')], {});
    assert.ok(found.action === 'ask', JSON.stringify(found));
    assert.deepEqual(found.change, { files, removals });
  });

const refused: [line: string, message: RegExp][] = [
  ['exec web-0 --without web', /invalid --without "web": say TYPE\/NAME or TYPE\/NAMESPACE\/NAME/],
  ['exec web-0 --without pod/', /resource name may not be empty/],
  ['exec web-0 --without pod//web', /invalid --without "pod\/\/web"/],
  ['exec web-0 --without pod/a/b/c', /invalid --without "pod\/a\/b\/c"/],
  ['exec web-0 --without /web', /invalid --without "\/web"/],
  ['exec web-0 --without clusterrole/shop/view', /clusterrole is in no namespace/],
  [
    'exec web-0 --without rolebindng/x',
    /the server doesn't have a resource type "rolebindng", did you mean "rolebinding"\?/,
  ],
  ['exec web-0 --without events/x', /no question reads events/],
  ['exec web-0 --without ,', /must specify --without TYPE\/NAME/],
  ['exec web-0 --with', /flag needs an argument: --with/],
  ['exec web-0 --with=', /must specify --with FILE/],
  ['exec web-0 --with https://example.com/install.yaml', /--with takes files, not URLs/],
  ['exec web-0 --with a.yaml --verify', /--verify asks the server about what is: it cannot be used with --with/],
  ['exec web-0 --without pod/x --verify', /it cannot be used with --without/],
  ['exec web-0 --with - --input -', /standard input cannot be used for multiple arguments/],
  ['admit -f - --with -', /standard input cannot be used for multiple arguments/],
  ['admit -f a.yaml --level baseline --with b.yaml', /--level asks no cluster: it cannot be used with --with/],
  ['token - --with -', /standard input cannot be used for multiple arguments/],
  ['snapshot f --with a.yaml', /unknown flag: --with/],
];
for (const [line, message] of refused)
  test(`misuse: ${line}`, () => {
    const found = parseArgs(line.split(' '), {});
    assert.ok(found.action === 'misuse', JSON.stringify(found));
    assert.match(found.message, message);
  });
