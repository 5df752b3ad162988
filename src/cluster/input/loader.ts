import type { World } from '../../world/world.ts';
import type { Piece } from './piece.ts';

/** Fills a world piece by piece, keeping no raw object. Throws ParseError or Malformed. */
export interface Loader {
  /** `file`: where the piece is from. */
  add(piece: Piece, file: string): void;
  /** The world, when there is no more. */
  end(): World;
}
