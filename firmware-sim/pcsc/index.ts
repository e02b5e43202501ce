/** A private PC/SC stack with a virtual reader, for the demo and the tests. */
export { type PcscAvailable, pcscAvailable } from './available.ts';
export { type PrivatePcsc, type PrivatePcscOptions, startPrivatePcsc } from './private-pcsc.ts';
