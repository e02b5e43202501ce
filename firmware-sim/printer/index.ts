export { PRINTER_FAULTS, type PrinterFaultName } from './faults.ts';
export type { PrinterOptions } from './options.ts';
export { type SimulatedPrinter, startPrinter } from './printer.ts';
