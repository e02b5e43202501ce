import type { Language } from './texts.ts';

/** Words for the faults of the devices; a fault we have no word for is shown by its own name. */
const zh: Readonly<Record<string, string>> = {
  'printer-refuses': '拒绝连接',
  'printer-black-hole': '连上了却不回答',
  'printer-resets': '打到一半断开连接',
  'printer-never-reads': '不收数据',
  'printer-slow': '慢得一次一个字节',
  'paper-near-end': '纸快用完',
  'paper-out': '没有纸',
  'cover-open': '盖子开着',
  'cutter-error': '切刀卡住',
  'power-off': '断电',
  'ack-lost': '打完的回执丢了',
  'ack-late': '打完的回执晚到',
  'ack-doubled': '打完的回执来两次',
  'ack-stale': '回执是上一张的',
  'second-connection-refused': '不许第二个连接',
  'card-mute': '卡不回答',
  'card-empty-answer': '卡回了 0 个字节',
  'card-torn-before': '读卡号前拿走',
  'card-torn': '读卡号时拿走',
  'card-torn-after': '读完卡号就拿走',
  'random-uid': '卡号每次都变（手机）',
  'zero-uid': '卡号全是零',
  'four-byte-uid': '4 个字节的卡号',
  'card-hotlisted': '挂失的卡',
  'card-swapped': '0.1 秒内换成另一张',
  'two-at-once': '两张卡一起放',
  'doubled-uid': '两张卡同一个卡号',
  'pcscd-killed': 'pcscd 被杀掉',
  'pcscd-terminated': 'pcscd 被停掉',
  'pcscd-absent-at-start': '开机时没有 pcscd',
  'reader-held': '别的程序占着读卡器',
  'reader-unplugged': '读卡器拔掉了',
  'sam-slot': '多出一个 SAM 卡槽',
  'card-process-killed': '读卡进程被杀掉',
  'card-process-stopped': '读卡进程卡住不动',
  'agent-killed': '本机程序被杀掉',
  'scanner-peer-death': '线被拔掉',
  'scanner-stall': '停住不送',
  'scanner-noise': '线上有杂波',
  'scanner-half-frames': '一行分两截到',
  'scanner-double-scan': '一扫变两次',
  'id-reader-peer-death': '线被拔掉',
  'id-reader-stall': '停住不答',
  'id-reader-noise': '线上有杂波',
  'id-reader-half-frames': '回话分两截到',
  'id-reader-wrong-checksum': '校验和不对',
  'display-peer-death': '线被拔掉',
  'display-stall': '停住不收',
};
const devices: Readonly<Record<string, string>> = {
  printer: '打印机',
  reader: '读卡器',
  card: '卡',
  scanner: '扫码枪',
  'id-reader': '身份证阅读器',
  display: '客显',
  serial: '串口',
  hid: 'HID 设备',
  host: '主机',
  network: '网络',
  hub: '县中心',
};

export function faultWord(name: string, language: Language): string {
  return (language === 'zh' ? zh[name] : undefined) ?? name.replaceAll('-', ' ');
}

export function deviceWord(device: string, language: Language): string {
  return (language === 'zh' ? devices[device] : undefined) ?? device.replaceAll('-', ' ');
}
