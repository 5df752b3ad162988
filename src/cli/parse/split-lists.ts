/**
 * The values of a flag that is repeatable and takes several at once, `a,b` or `a, b`: what is between commas, but for
 * those in quotes (`'"CN=ops,OU=x"'`). Empty ones are left out, and so are blanks around a value without quotes.
 * Otherwise mirrors pflag's string_slice.go, which kubectl reads `-f` by. Of kubectl's own flags `--as-group` is no
 * such list.
 */
export const splitLists = (values: readonly string[] | undefined): string[] =>
  (values ?? []).flatMap(split).filter((each) => each !== '');

const split = (value: string): string[] =>
  [...value.matchAll(/(?<=^|,)"((?:[^"]|"")*)"(?=,|$)|[^,]+/g)].map(
    ([plain, quoted]) => quoted?.replaceAll('""', '"') ?? plain.trim(),
  );
