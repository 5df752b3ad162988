/** What is known to go wrong, by words of what is said of it. */
export const BEING_MENDED: readonly RegExp[] = [
  /internal error: \w+ is not (a list of (objects|strings)|an object)/,
  /"name":"undefined","namespace":"dev"/,
];
