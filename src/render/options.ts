/** How answers are to be shown. */
export interface RenderOptions {
  output: 'default' | 'wide' | 'json' | 'yaml' | 'name';
  /** The evidence as a tree, in place of the table. */
  explain: boolean;
  /** The commands that carry a proof out, besides those that check it. */
  showAttack: boolean;
  noHeaders: boolean;
  /** List accepted and built-in holders one by one. */
  showSystem: boolean;
  color: boolean;
  /** The flags by which kubectl reaches the cluster that was asked. */
  kubectl: readonly string[];
  /** Columns of the terminal. Tables may be wider. */
  width: number;
  /** `-o json`, `-o yaml`: a list, however many answers there are. */
  asList: boolean;
  /** Asked with `-A`. */
  allNamespaces: boolean;
}
