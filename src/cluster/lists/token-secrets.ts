import type { Need } from '../../world/needs.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { TOKEN_ACCOUNT, TOKEN_SECRET } from '../../world/reduce/others.ts';

/*
 * Nothing is read of Secrets but the metadata of those that hold tokens of accounts: the server is asked for metadata
 * alone, so that no value ever leaves it. Source: apimachinery pkg/apis/meta/v1/types.go PartialObjectMetadataList.
 */

/** Whether a need is answered with metadata alone. */
export const isMetadataOnly = ({ kind, name }: Need): boolean => kind === 'secrets' && name === null;

/** How the server is asked for metadata alone, and how it calls what it sends. */
export const METADATA_TYPE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
export const METADATA_LIST = 'PartialObjectMetadataList';
export const METADATA_ITEM = 'PartialObjectMetadata';
export const METADATA_VERSION = 'meta.k8s.io/v1';

/** The Secret that an item of such a list is: its type is that which was asked for. */
export function tokenSecret({ metadata }: Raw): Raw {
  const own = isRaw(metadata) ? metadata : {};
  const { annotations, ...rest } = own;
  const account = isRaw(annotations) ? annotations[TOKEN_ACCOUNT] : undefined;
  return {
    ...{ apiVersion: 'v1', kind: 'Secret', type: TOKEN_SECRET },
    metadata: { ...rest, ...(account === undefined ? {} : { annotations: { [TOKEN_ACCOUNT]: account } }) },
  };
}
