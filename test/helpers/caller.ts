import type { TestContext } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { ask } from '../../src/questions/ask.ts';
import type { Options, Question, Result } from '../../src/questions/question.ts';
import type { ControlPlane } from './control-plane.ts';
import { connectBy } from './kubeconfig.ts';
import { OPTIONS } from './question.ts';

export interface Caller {
  client: ApiClient;
  /** What has been sent: `GET /api/v1/pods?limit=500`, and the status that came back. */
  sent: { what: string; status: number }[];
  ask<T>(question: Question<T>, target: T, options?: Partial<Options>): Promise<Result>;
  /** The one answer. */
  answer<T>(question: Question<T>, target: T, options?: Partial<Options>): Promise<Answer>;
}

/** Somebody with a kubeconfig who asks a control plane as the program does, from the context's namespace on. */
export async function caller(t: TestContext, plane: ControlPlane, token: string, namespace = 'shop'): Promise<Caller> {
  const cluster = { server: plane.url, 'certificate-authority': plane.caFile };
  const connection = await connectBy(t, { cluster, user: { token }, flags: { namespace } });
  const sent: Caller['sent'] = [];
  const client = new ApiClient({
    ...connection,
    async send(request) {
      const response = await connection.send(request);
      sent.push({ what: `${request.method} ${request.path}`, status: response.status });
      return response;
    },
  });
  const asks: Caller['ask'] = (question, target, options = {}) =>
    ask(question, target, new LiveSource(client), { ...OPTIONS, ...options });
  return {
    client,
    sent,
    ask: asks,
    async answer(question, target, options) {
      const { asked, errors } = await asks(question, target, options);
      const [first] = asked;
      if (errors[0] || !first) throw errors[0] ?? new Error('no answer');
      return first.answer;
    },
  };
}
