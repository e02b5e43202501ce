/** What the QR of a receipt shows to whoever holds the paper. It names no person and no goods: the paper does that. */

export type ReceiptAnswer = 'stored' | 'not-yet-seen' | 'differs' | 'not-a-receipt';

const SAYS: Readonly<
  Record<ReceiptAnswer, { mark: string; zh: readonly [string, string]; en: readonly [string, string] }>
> = {
  stored: {
    mark: '✓',
    zh: ['县里已收到这笔兑换', '纸上的校验码与记录一致，没有被改动。'],
    en: ['The county has this redemption', 'The code on the paper is that of the record: it was not changed.'],
  },
  'not-yet-seen': {
    mark: '…',
    zh: ['县里还没有收到这笔兑换', '售货终端可能没有联网，请过几天再查。您的小票仍然有效。'],
    en: [
      'The county has not seen it yet',
      'The kiosk may be offline. Look again in some days; your receipt stays good.',
    ],
  },
  differs: {
    mark: '≠',
    zh: ['校验码与记录不一致', '请核对号码；如果无误，请拿小票到村里反映。'],
    en: ['The code differs from the record', 'Check the number. If it is right, take the paper to the village office.'],
  },
  'not-a-receipt': {
    mark: '?',
    zh: ['这不是小票的地址', '请扫描小票上的二维码。'],
    en: ['This is not a receipt’s address', 'Scan the code on the receipt.'],
  },
};

export function receiptPage(path: string, answer: ReceiptAnswer): string {
  const { mark, zh, en } = SAYS[answer];
  const shown = path.replace(/[^A-Za-z0-9.-]/g, '').slice(0, 80);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>符契 · ${zh[0]}</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 12px;
    background: #fbf6ec; color: #2a211b; font: 18px/1.6 "Noto Sans SC", "Noto Sans CJK SC", sans-serif; text-align: center; }
  .mark { font-size: 72px; line-height: 1; color: #b5341c; } h1 { margin: 0; font-size: 26px; } p { margin: 0 16px; }
  .en { color: #5b4f45; font-size: 16px; } code { font-size: 15px; overflow-wrap: anywhere; }
</style></head>
<body data-answer="${answer}"><div class="mark" aria-hidden="true">${mark}</div>
<h1>${zh[0]}</h1><p>${zh[1]}</p><p class="en" lang="en">${en[0]}. ${en[1]}</p><code>${shown}</code></body></html>`;
}
