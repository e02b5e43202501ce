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
