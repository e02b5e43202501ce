export { type ScannerFaultName, type SimulatedScanner, startScanner } from './scanner.ts';
