import type { Faults } from './faults.ts';
import type { Unit } from './unit.ts';
import type { WalletCard } from './wallet.ts';

/** Everything of one kiosk that the rig's calls reach. */
export interface Desk {
  readonly unit: Unit;
  readonly faults: Faults;
  readonly wallet: readonly WalletCard[];
}
