export { DISPLAY_FAULTS, type DisplayFaultName, type SimulatedDisplay, startDisplay } from './display.ts';
