import { mutation } from './mutation.ts';
import { newNamespace } from './new-namespace.ts';
import { nodeProxy } from './node-proxy.ts';
import { otherAccount } from './other-account.ts';
import type { FindOtherWays } from './other-way.ts';
import { podBinding } from './pod-binding.ts';

/** All kinds of other ways to the node. */
export const OTHER_WAYS: readonly FindOtherWays[] = [nodeProxy, newNamespace, otherAccount, mutation, podBinding];
