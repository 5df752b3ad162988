import type { World } from '../../world/world.ts';
import type { Piece } from './piece.ts';

/** Fills a world piece by piece, without keeping raw objects. Throws ParseError or Malformed. */
export interface Loader {
  /** Adds a piece. `file` is where it is from. */
  add(piece: Piece, file: string): void;
  /** Returns the world after the last piece. */
  end(): World;
}
