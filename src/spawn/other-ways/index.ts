import { mutation } from './mutation.ts';
import { newNamespace } from './new-namespace.ts';
import { nodeProxy } from './node-proxy.ts';
import { otherAccount } from './other-account.ts';
import type { FindOtherWays } from './other-way.ts';
import { podBinding } from './pod-binding.ts';

/** The other ways by the rights of the holder itself. */
export const OWN_WAYS: readonly FindOtherWays[] = [nodeProxy, newNamespace, mutation, podBinding];

/** All kinds of other ways to the node. */
export const OTHER_WAYS: readonly FindOtherWays[] = [nodeProxy, newNamespace, otherAccount, mutation, podBinding];
