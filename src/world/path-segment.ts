/**
 * Whether an object, a namespace or a resource can have this name. A text that is no path segment names nothing in the
 * API, and servers and proxies may take it for another path. An unpaired UTF-16 surrogate is not allowed. Mirrors
 * apimachinery pkg/api/validation/path/name.go IsValidPathSegmentName, which applies to all names.
 */
export const isPathSegment = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && !/[/%]/.test(text) && text.isWellFormed();
