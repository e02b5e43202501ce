import type { CardApplet, CardFault } from '../applet.ts';
import { uidCard } from '../uid-card.ts';
import { AID, type DesfireChip, READ_KEY_NO } from './chip.ts';
import { decipher, draw, encipher, turned } from './chip-crypto.ts';
import type { DesfireFault } from './fault.ts';
import { COMMAND, openSession, type Said, type Session, STATUS } from './session.ts';

/** What a reader builds for a DESFire: one historical byte, 80, and the check byte (PC/SC part 3, 3.1.3.2.3.2). */
const ATR = Uint8Array.of(0x3b, 0x81, 0x80, 0x01, 0x80, 0x80);
const PSEUDO_CLASS = 0xff;
const NATIVE_CLASS = 0x90;
const STATUS_CLASS = 0x91;
const SELECT_APPLICATION = 0x5a;
const GET_KEY_VERSION = 0x64;
const AUTHENTICATE_EV2_FIRST = 0x71;
const MORE = 0xaf;
const NOTHING = Buffer.alloc(0);

/** A DESFire EV2 with our application: native commands in ISO 7816-4 wrapping, AuthenticateEV2First, TransactionMAC. */
export function desfireCard(chip: DesfireChip, fault?: DesfireFault | CardFault): CardApplet {
  const ofReader = uidCard(chip.uid.toString('hex'));
  let selected = false;
  let drawn: Buffer | null = null;
  let session: Session | null = null;
  let leaves: 'after-answer' | undefined;

  const refused = (status: number): Said => {
    session = null;
    return { status, data: NOTHING };
  };
  const select = (aid: Buffer): Said => {
    session = null;
    selected = aid.equals(AID);
    return { status: selected ? STATUS.ok : STATUS.applicationNotFound, data: NOTHING };
  };
  const begin = (data: Buffer): Said => {
    session = null;
    if (!selected || data[0] !== READ_KEY_NO) return refused(STATUS.noSuchKey);
    drawn = draw(16);
    return { status: STATUS.more, data: encipher(chip.readKey, drawn) };
  };
  const finish = (data: Buffer, rndB: Buffer | null): Said => {
    if (rndB === null || data.length !== 32) return refused(STATUS.illegalCommand);
    const plain = decipher(chip.readKey, data);
    if (!plain.subarray(16).equals(turned(rndB))) return refused(STATUS.authenticationError);
    const rndA = plain.subarray(0, 16);
    const ti = draw(4);
    session = openSession(chip, ti, rndA, rndB);
    return { status: STATUS.ok, data: encipher(chip.readKey, Buffer.concat([ti, turned(rndA), Buffer.alloc(12)])) };
  };
  const take = (command: number, data: Buffer): Said => {
    const rndB = drawn;
    drawn = null;
    if (command === SELECT_APPLICATION) return select(data);
    if (command === AUTHENTICATE_EV2_FIRST) return begin(data);
    if (command === MORE) return finish(data, rndB);
    if (session !== null) {
      const said = session.take(command, data);
      return said.status === STATUS.ok ? said : refused(said.status);
    }
    if (command !== GET_KEY_VERSION) return refused(STATUS.authenticationError);
    if (!selected || data.length !== 1 || data[0] !== READ_KEY_NO) return refused(STATUS.noSuchKey);
    return { status: STATUS.ok, data: Buffer.from([chip.readKeyVersion]) };
  };

  return {
    atr: ATR,
    get leaves() {
      return leaves;
    },
    reset() {
      selected = false;
      drawn = null;
      session = null;
    },
    process(apdu) {
      if (apdu[0] === PSEUDO_CLASS) return ofReader.process(apdu);
      const asked = unwrapped(apdu);
      if (asked === null) return wrapped(refused(STATUS.lengthError));
      const { command, data } = asked;
      const signing = command === COMMAND.commitTransaction;
      if (signing && fault === 'torn-in-signing') return 'tear';
      const first = take(command, data);
      if (signing && fault === 'torn-in-signing-done') return 'tear';
      if (command === COMMAND.writeData && fault === 'torn-before-signing') leaves = 'after-answer';
      if (signing && fault === 'torn-after-signing') leaves = 'after-answer';
      const said = signing && fault === 'repeated-apdu' ? take(command, data) : first;
      const lies =
        (command === COMMAND.getCardUid && fault === 'wrong-mac') || (signing && fault === 'wrong-mac-signature');
      return wrapped(lies ? withWrongMac(said) : said);
    },
  };
}

/** The native command in an ISO 7816-4 wrapping: 90, command, 00 00, length and data where there are some, 00. */
function unwrapped(apdu: Uint8Array): { command: number; data: Buffer } | null {
  const [cla, command, p1, p2] = apdu;
  if (cla !== NATIVE_CLASS || command === undefined || p1 !== 0 || p2 !== 0 || apdu.at(-1) !== 0) return null;
  if (apdu.length === 5) return { command, data: NOTHING };
  const data = Buffer.from(apdu.subarray(5, -1));
  return apdu[4] === data.length ? { command, data } : null;
}

function wrapped({ status, data }: Said): Uint8Array {
  return Uint8Array.of(...data, STATUS_CLASS, status);
}

function withWrongMac({ status, data }: Said): Said {
  return { status, data: Buffer.concat([data.subarray(0, -1), Buffer.from([(data.at(-1) ?? 0) ^ 1])]) };
}
