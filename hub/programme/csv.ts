/** Comma-separated values as RFC 4180 writes them; a byte order mark and bare line feeds are taken too. Pure. */

export interface CsvLine {
  /** Where it begins in the file, from 1: what a spreadsheet shows. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Empty lines are no lines. An unclosed quote takes the rest of the text, so that its line is found faulty. */
export function parseCsv(text: string): CsvLine[] {
  const lines: CsvLine[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begins = 1;
  const endField = () => {
    fields.push(field.trim());
    field = '';
  };
  const endLine = () => {
    endField();
    if (fields.some((each) => each !== '')) lines.push({ line: begins, fields });
    fields = [];
    begins = line;
  };
  const from = text.startsWith('\uFEFF') ? 1 : 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '\n') line += 1;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else quoted = false;
    } else if (character === '"' && field.trim() === '') {
      field = '';
      quoted = true;
    } else if (character === ',') endField();
    else if (character === '\n') endLine();
    else field += character;
  }
  endLine();
  return lines;
}
