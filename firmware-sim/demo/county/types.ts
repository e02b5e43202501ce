/** The shapes of the demo county: what the demo tells the hub at its first start, and what the rig lays on the reader. */

export interface DemoVillage {
  /** `[a-z0-9-]+`. */
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly town: string;
  readonly townEn: string;
  readonly shopId: string;
  readonly shopName: string;
  readonly shopNameEn: string;
}

export type DemoCategoryId = 'food' | 'wash' | 'home';

export interface DemoCategory {
  readonly id: DemoCategoryId;
  readonly nameZh: string;
  readonly nameEn: string;
}

export interface DemoItem {
  /** `[a-z0-9-]+`; its picture is `ui/shared/goods/<sku>.svg`. */
  readonly sku: string;
  readonly rev: 1;
  readonly category: DemoCategoryId;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly unitZh: string;
  readonly unitEn: string;
  /** Of one unit. */
  readonly points: number;
  /** What the county pays the shop for one unit, in fen. */
  readonly reimburseFen: number;
  /** EAN-13 of the range for use inside a shop (20), so that no real product is named. */
  readonly barcode: string;
}

export interface DemoCard {
  /** `c001` ...: how the rig's wallet names it. */
  readonly id: string;
  /** `desfire`: one that authenticates. */
  readonly kind: 'uid' | 'desfire';
  /** 7 bytes in lower-case hex, beginning with 04 as storage cards of that size do. */
  readonly uid: string;
  /** The last four digits printed on the card. */
  readonly last4: string;
  readonly pin: string;
  readonly role: 'resident' | 'clerk';
}

/** A resident ID card that its holder registered beside the points card. */
export interface DemoIdCard {
  /** `i002` ...: how the rig's wallet names it. */
  readonly id: string;
  /** Of the chip: 8 bytes in lower-case hex. */
  readonly serial: string;
  readonly last4: string;
  readonly pin: string;
}

export interface DemoResident {
  /** `r001` ... */
  readonly id: string;
  /** The pseudonym: `a` and 12 characters of Crockford's base32 in lower case. */
  readonly acct: string;
  readonly name: string;
  /** Lower case, one letter a character of the name. */
  readonly pinyinInitials: string;
  readonly villageId: string;
  readonly points: number;
  readonly card: DemoCard;
  readonly idCard?: DemoIdCard;
  readonly blocked?: true;
}

export interface DemoClerk {
  readonly id: string;
  readonly name: string;
  readonly villageId: string;
  readonly card: DemoCard;
}

export interface DemoCounty {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly timeZone: 'Asia/Shanghai';
  readonly villages: readonly DemoVillage[];
  readonly categories: readonly DemoCategory[];
  readonly items: readonly DemoItem[];
  readonly residents: readonly DemoResident[];
  readonly clerks: readonly DemoClerk[];
  /** The policy's cap: the most points of one account that its home terminal holds as an allowance. */
  readonly cap: number;
}
