import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { certificateAuthority } from './certificates.ts';
import { startServer } from './http-server.ts';
import { folderWith } from './kubeconfig.ts';

/** What a webhook authorizer is asked, as far as tests care. */
export interface Review {
  user: string;
  groups?: string[];
  resourceAttributes?: { verb: string; resource: string; subresource?: string; namespace?: string; name?: string };
}

/** Null: no opinion, so that the next authorizer is asked. */
export type Opinion = 'allow' | 'deny' | null;

/** A webhook that really authorizes, gone after the test: its entry in an AuthorizationConfiguration. */
export async function webhookAuthorizer(
  t: TestContext,
  name: string,
  decide: (review: Review) => Opinion,
): Promise<object> {
  const authority = certificateAuthority('webhook-ca');
  const server = await startServer(
    ({ body }, response) => {
      const review = JSON.parse(body) as { spec: Review };
      const opinion = decide(review.spec);
      const status = {
        allowed: opinion === 'allow',
        denied: opinion === 'deny',
        ...(opinion && { reason: `${name} says so` }),
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...review, status }));
    },
    authority.issue({ user: name, ips: ['127.0.0.1'] }),
  );
  t.after(() => server.close());
  const kubeConfigFile = join(folderWith(t), 'kubeconfig');
  writeFileSync(
    kubeConfigFile,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': name, users: [{ name, user: {} }] },
      clusters: [
        {
          name,
          cluster: { server: server.url, 'certificate-authority-data': Buffer.from(authority.cert).toString('base64') },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
    }),
  );
  return {
    ...{ type: 'Webhook', name },
    webhook: {
      ...{ timeout: '10s', failurePolicy: 'NoOpinion', authorizedTTL: '1m', unauthorizedTTL: '1m' },
      ...{ subjectAccessReviewVersion: 'v1', matchConditionSubjectAccessReviewVersion: 'v1' },
      connectionInfo: { type: 'KubeConfigFile', kubeConfigFile },
    },
  };
}
