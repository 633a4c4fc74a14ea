/** What is wrong with a line of an import. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

/** How many faults are told one by one. */
const MOST_TOLD = 100;
/** A message may quote a hostile key or value. */
const LONGEST_MESSAGE = 300;

/** The import was refused as a whole; nothing of it was written. */
export class ImportRefused extends Error {
  /** In the order of their lines. */
  readonly faults: readonly Fault[];
  /** How many further ones there are. */
  readonly more: number;

  constructor(faults: readonly Fault[], more: number) {
    const told = faults.map(({ line, message }) => `line ${line}: ${message}`);
    const rest = more > 0 ? [`and ${more} more`] : [];
    super(['Nothing was imported.', ...told, ...rest].join('\n'));
    this.name = 'ImportRefused';
    this.faults = faults;
    this.more = more;
  }
}

/** Collects the faults of an import. */
export interface Faults {
  add(line: number, message: string): void;
  /** @throws {ImportRefused} when there are any. */
  refuse(): void;
}

/** Remembers the first faults, and counts the others so that a file of nothing else costs no memory. */
export function collectFaults(): Faults {
  const told: Fault[] = [];
  let more = 0;
  return {
    add(line, message) {
      if (told.length >= MOST_TOLD) more += 1;
      else told.push({ line, message: message.slice(0, LONGEST_MESSAGE) });
    },
    refuse() {
      if (told.length === 0) return;
      throw new ImportRefused(
        told.toSorted((a, b) => a.line - b.line),
        more,
      );
    },
  };
}
