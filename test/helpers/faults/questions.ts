/** Questions about holders, aimed at whoever holds much and whoever holds by one object alone. */
const HOLDERS: readonly string[] = [
  'exec web-0 -n shop',
  'exec -l app=web -n shop',
  'exec web-0 -n shop --subject user/wide',
  'exec web-0 -n shop --subject user/lent',
  'exec web-0 -n shop --subject user/narrow',
  'exec web-0 -n shop --subject user/noder',
  'exec web-0 -n shop --subject user/nobody',
  'exec statefulset/web -n shop --subject user/wide',
  'port-forward web-0 -n shop --subject user/narrow',
  'attach web-0 -n shop --subject user/lent',
  'logs deploy/cart -n shop',
  'debug web-0 -n shop',
  'debug web-0 -n shop --subject user/nobody',
  'proxy svc/web -n shop',
  'proxy node/worker-1 --subject user/noder',
  'who create pods/exec -n shop --subject user/wide',
  'who create pods/exec -n shop --subject user/narrow',
  'who create pods/exec -A --subject user/narrow',
  'who get secrets -A',
  'who get secrets/web-db -n shop',
  'who get /metrics --subject user/scraper',
  'who list clusterpolicies.kyverno.io',
  'who create pods -n legacy --subject user/maker',
];

/**
 * Command lines of every question, about what is there and what is not; those about holders also of direct ones alone,
 * for which less is read.
 */
export const QUESTIONS: readonly string[] = [
  ...HOLDERS,
  ...HOLDERS.map((question) => `${question} --direct`),
  'privileged user/maker',
  'privileged user/restrained',
  'privileged user/wide',
  'privileged user/nobody',
  'privileged sa/deployer -n ci',
  'privileged web-0 -n shop',
  'privileged -n legacy',
  'privileged -A',
  'raw-sockets -n shop',
  'raw-sockets web-0 -n shop',
  'raw-sockets -A',
  'pod web-0 -n shop',
  'pod -l app=web -n shop',
  'admit -f POD -n legacy',
  'admit -f POD -n payments',
];

/** What takes a twentieth of a second and more is asked less often, and what takes a tenth rarely. */
export const weightOf = (question: string): number =>
  HOLDERS.includes(question) || /^privileged (sa|-)|^pod /.test(question)
    ? 1
    : /^(exec [^ ]+ [^ ]+ [^ ]+ --direct$|exec -l|logs|debug|privileged)/.test(question)
      ? 8
      : 24;
