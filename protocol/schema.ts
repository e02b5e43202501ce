/**
 * TypeBox, by one door. It comes as some 700 small modules, and loading those costs a kiosk 0.4 s of its start; the build
 * makes this one file of them (deploy/workshop/prepare.cjs).
 */
export { type Static, type TSchema, Type } from 'typebox';
export { Compile } from 'typebox/compile';
