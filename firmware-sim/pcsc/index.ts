/** A private PC/SC stack with a virtual reader, for the demo and the tests. */
export { pcscAvailable } from './available.ts';
export { type ExclusiveHolder, holdExclusively } from './exclusive-holder.ts';
export { type PrivatePcsc, startPrivatePcsc } from './private-pcsc.ts';
