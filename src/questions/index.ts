/** The questions that rest on rights. Those that judge pods are imported where they are asked. */
export { attach, exec, logs, portForward } from './access/pod-access.ts';
export { proxy } from './access/proxy.ts';
export { who } from './who/who.ts';
