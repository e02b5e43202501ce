export { PRINTER_FAULTS, type PrinterFaultName } from './faults.ts';

export { type SimulatedPrinter, startPrinter } from './printer.ts';
