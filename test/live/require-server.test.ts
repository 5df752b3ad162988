import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireServer } from '../../src/cluster/transport/no-server.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { failed, faultyServer, send } from '../helpers/faulty-server.ts';
import { httpConnection } from '../helpers/http-connection.ts';
import { noServers } from './no-servers.ts';

for (const [name, start, message] of noServers) {
  test(`${name}: ${message}`, async (t) => {
    const { server, ca, requestTimeout } = await start(t);
    const connection = httpConnection(server, ca === undefined ? {} : { ca });
    const client = new ApiClient(connection, { requestTimeout, clock: { now: () => 0, sleep: async () => {} } });
    t.after(() => connection.close());
    const result = await client.get('/api');
    assert.ok(!result.ok);
    const expected = message.replace('PORT', new URL(server).port);
    assert.throws(
      () => requireServer(client, [result.failure]),
      (error: Error) => error.name === 'UserError' && error.message.startsWith(expected),
      result.failure.message,
    );
  });
}

test('a refusal in the API’s words is a server', async (t) => {
  const { client } = await faultyServer(t, (_, response) => send(response, 403, failed(403, 'Forbidden', 'no')));
  const result = await client.get('/api');
  assert.doesNotThrow(() => requireServer(client, result.ok ? [] : [result.failure]));
});
