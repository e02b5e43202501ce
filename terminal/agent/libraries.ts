/**
 * Fastify with its plugins, metrics and log, by one door. They come as some 200 small modules, and reading those costs a kiosk
 * up to 0.2 s of its start; the build makes this one file of them (deploy/workshop/prepare.cjs).
 */
export { default as cookie } from '@fastify/cookie';
export { default as helmet } from '@fastify/helmet';
export { default as staticFiles } from '@fastify/static';
export { default as swagger } from '@fastify/swagger';
export { default as Fastify, LogController } from 'fastify';
export { default as pino } from 'pino';
export { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
