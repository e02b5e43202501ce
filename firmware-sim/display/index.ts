export { type DisplayFaultName, type SimulatedDisplay, startDisplay } from './display.ts';
