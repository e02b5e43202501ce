import type { ClosedCode } from '../../protocol/api/kiosk.ts';

/** Why this kiosk cannot sell, for `/readyz`, logs and the doctor: what is so, and what to do. */
export const CLOSED_SENTENCES: Readonly<Record<ClosedCode, string>> = {
  starting: 'The kiosk is starting. Wait a moment.',
  'not-enrolled': 'This kiosk is not enrolled. Put the one-time code from the county into its config file.',
  'waiting-for-confirmation': 'A second operator must compare the fingerprint and confirm this kiosk on the hub.',
  'no-roster': 'The kiosk has not received its roster and catalogue yet. It needs the network once.',
  'reader-absent': 'No card reader is found. Check its plug.',
  'rolled-back': 'The journal is an older copy of itself. Nothing is sold; call the county, who will open a new epoch.',
  'fence-missing': 'The fence file is missing. Nothing is sold until the hub has confirmed the journal.',
  frozen: 'The county has frozen this kiosk. Call the county.',
  'needs-new-epoch': 'All records were sent again. The county now opens a new epoch; put its one-time code in.',
  ended: 'This epoch has ended. Put the one-time code of the next one in.',
  revoked: 'The county has revoked this kiosk’s key. Call the county.',
  'clock-unsure': 'The clock jumped. A clerk must confirm today’s date, or the hub must be reached once.',
  'journal-damaged':
    'The journal’s file is damaged. Nothing is sold. Call the county; `terminal doctor` says what is wrong with it.',
  'disk-low': 'The disk is nearly full, or cannot be written. Make room or replace it; nothing is sold until then.',
};
