export { SCANNER_FAULTS, type ScannerFaultName, type SimulatedScanner, startScanner } from './scanner.ts';
