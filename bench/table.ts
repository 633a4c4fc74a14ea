/** Rows of numbers under their names, in columns. */
export function table(rows: Readonly<Record<string, object>>): string {
  const columns = Object.keys(Object.values(rows)[0] ?? {});
  const cells = Object.entries(rows).map(([name, row]) => [
    name,
    ...Object.values(row).map((value) => Number(value).toFixed(2)),
  ]);
  const lines = [['', ...columns], ...cells];
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  const padded = lines.map(([name = '', ...values]) =>
    [name.padEnd(width(0)), ...values.map((value, at) => value.padStart(width(at + 1)))].join('  '),
  );
  return `${padded.join('\n')}\n`;
}
