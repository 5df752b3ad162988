export { attach, debug, exec, logs, portForward } from './access/pod-access.ts';
export { proxy } from './access/proxy.ts';
export { admit } from './admit/admit.ts';
export { pod } from './pod/pod.ts';
export { privileged } from './privileged/privileged.ts';
export { who } from './who/who.ts';
