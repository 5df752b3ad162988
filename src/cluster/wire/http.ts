/**
 * node:http, loaded where it is needed: for plain http and for proxies. Importing it costs a third of our start, since
 * an import reads every property of the module, and some of them load Node's whole fetch. node:https has none of these.
 */
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
