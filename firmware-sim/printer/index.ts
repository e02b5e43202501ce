export type { UnknownCommand } from './error-log.ts';
export { PRINTER_FAULTS, type PrinterFaultName } from './faults.ts';
export type { PrinterOptions } from './options.ts';
export { type PrinterState, type SimulatedPrinter, startPrinter } from './printer.ts';
