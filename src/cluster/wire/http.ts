/**
 * node:http where it is needed, which is for plain http and for proxies. To import it costs a third of our start: an
 * import reads every property of the module, and some of them load Node's whole fetch. node:https has none of these.
 */
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
