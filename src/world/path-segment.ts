/**
 * Whether an object, a namespace or a resource can be called so: what is no segment of a path has no place in the API,
 * and servers and proxies on the way may take it for another one. A half of a pair of UTF-16 is no letter. Mirrors
 * apimachinery pkg/api/validation/path/name.go IsValidPathSegmentName, to which all names are held.
 */
export const isPathSegment = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && !/[/%]/.test(text) && text.isWellFormed();
