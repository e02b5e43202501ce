/**
 * A name as screens in public may show it: 张*芳, 王*. By code points, as rare characters (𠮷) are two UTF-16 units and
 * half of one is not a character.
 */
export function maskName(name: string): string {
  const characters = [...name];
  const [first = '', ...rest] = characters;
  if (rest.length === 0) return '*';
  if (rest.length === 1) return `${first}*`;
  return `${first}${'*'.repeat(rest.length - 1)}${rest.at(-1)}`;
}
