import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { paperPng } from './paper-png.ts';
import { bareMachine, job } from './test-rig.ts';

async function picture(bytes: Uint8Array, widthDots: 576 | 384 = 576) {
  const { machine } = bareMachine(widthDots);
  machine.receive(bytes);
  const image = await loadImage(await paperPng(machine.paper.slips(), widthDots));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  /** Share of dark dots in a rectangle, 0–1. */
  const ink = (x: number, y: number, width: number, height: number): number => {
    const { data } = context.getImageData(x, y, width, height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 120) dark++;
    return dark / (width * height);
  };
  return { width: image.width, height: image.height, ink };
}

/** Desk and side margin; desk and head of the slip. */
const LEFT = 60;
const TOP = 72;

describe('the picture of the paper', () => {
  it('has ink where the characters stand, and none beside them', async () => {
    const { ink } = await picture(job('中文ab\n'));
    expect(ink(LEFT, TOP, 48, 24)).toBeGreaterThan(0.1);
    expect(ink(LEFT + 48, TOP, 24, 24)).toBeGreaterThan(0.05);
    expect(ink(LEFT + 80, TOP, 400, 24)).toBe(0);
  });

  it('rasters are placed dot for dot', async () => {
    const solid = Buffer.alloc(2 * 8, 0xff);
    const { ink } = await picture(job(0x1b, 0x61, 2, 0x1d, 0x76, 0x30, 0, 2, 0, 8, 0, solid));
    expect(ink(LEFT + 560, TOP, 16, 8)).toBe(1);
    expect(ink(LEFT + 500, TOP, 60, 8)).toBe(0);
  });

  it('bold is darker, inverse is darkest', async () => {
    const plain = (await picture(job('积分\n'))).ink(LEFT, TOP, 48, 24);
    const bold = (await picture(job(0x1b, 0x45, 1, '积分\n'))).ink(LEFT, TOP, 48, 24);
    const inverse = (await picture(job(0x1d, 0x42, 1, '积分\n'))).ink(LEFT, TOP, 48, 24);
    expect(bold).toBeGreaterThan(plain);
    expect(inverse).toBeGreaterThan(bold);
  });

  it('small characters stand at the foot of tall ones', async () => {
    const { ink } = await picture(job('中', 0x1d, 0x21, 0x01, '文\n'));
    expect(ink(LEFT, TOP, 24, 24)).toBe(0);
    expect(ink(LEFT, TOP + 24, 24, 24)).toBeGreaterThan(0.1);
  });

  it('58 mm paper is narrower; an empty roll is a picture too', async () => {
    const narrow = await picture(job('a\n'), 384);
    const empty = await picture(job());
    expect([narrow.width, empty.width]).toEqual([504, 696]);
    expect(empty.height).toBeGreaterThan(0);
  });

  it('of a roll too long to draw the end is shown', async () => {
    const { height, ink } = await picture(job('\n'.repeat(600), 'end\n'));
    expect(height).toBeLessThanOrEqual(12_100);
    expect(ink(LEFT, height - 28 - 44 - 30, 36, 24)).toBeGreaterThan(0.05);
  });
});
