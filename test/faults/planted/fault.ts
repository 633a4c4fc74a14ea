import type { Violation } from '../checker.ts';

/** A mistake that somebody could make. */
export interface Fault<Plant> {
  /** What the checker must say of it. */
  readonly shows: Violation['fault'];
  /** A seed whose run shows it. */
  readonly seed: number;
  readonly plant: Plant;
}
