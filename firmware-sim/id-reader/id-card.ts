/** A resident ID card as a unit reads it. Made up; the number's area code belongs to no place. */
export interface IdCard {
  /** 8 bytes, hex. */
  readonly serial: string;
  readonly name: string;
  /** 18 characters. */
  readonly number: string;
}

/** Characters of each field, in order: 128 of UTF-16LE, as GA 490 has them. */
const FIELDS = {
  name: 15,
  sex: 1,
  nation: 2,
  birth: 8,
  address: 35,
  number: 18,
  issuer: 15,
  from: 8,
  to: 8,
  spare: 18,
};

export function textOf({ name, number }: IdCard): Buffer {
  const said = { name, sex: '2', nation: '01', birth: number.slice(6, 14), address: '云溪县柳河村', number };
  const rest = { issuer: '云溪县公安局', from: '20200101', to: '20400101', spare: '' };
  const all: Readonly<Record<string, string>> = { ...said, ...rest };
  const text = Object.entries(FIELDS).map(([field, length]) => (all[field] ?? '').padEnd(length).slice(0, length));
  return Buffer.from(text.join(''), 'utf16le');
}
