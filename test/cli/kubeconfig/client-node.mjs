// node client-node.mjs ASKED: whom the server sees each time by @kubernetes/client-node, as a list of `{identity}` or
// `{refusal}`; ASKED is a list of `{kubeconfig, env}`. One process for all, since it takes its time to load.
import { AuthenticationV1Api, KubeConfig } from '@kubernetes/client-node';

const answers = [];
for (const { kubeconfig, env } of JSON.parse(process.argv[2])) {
  process.env = env;
  // Behind a SOCKS proxy it throws where nobody catches.
  const thrown = new Promise((_, reject) => process.once('uncaughtException', reject));
  answers.push(await Promise.race([ask(kubeconfig), thrown]).catch(({ message }) => ({ refusal: String(message) })));
  process.removeAllListeners('uncaughtException');
}
process.stdout.write(JSON.stringify(answers), () => process.exit());

async function ask(kubeconfig) {
  const config = new KubeConfig();
  if (kubeconfig) config.loadFromFile(kubeconfig);
  else config.loadFromDefault();
  const { status } = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
  return { identity: status.userInfo };
}
