// What travels between the members, as dots on their way. Who prefers less motion sees lines that fade.

import { byId, write } from './dom.js';
import { positionOf } from './ring.js';

const MILLIS = 650;
const MAX_DRAWN = 150;
const canvas = byId('hops');
const context = canvas.getContext('2d');
const still = matchMedia('(prefers-reduced-motion: reduce)');
let flying = [];
let frame = 0;
let saidAt = 0;

const VERBS = {
  probe: 'probes',
  indirect_probe: 'asks for help with a probe:',
  ack: 'answers',
  nack: 'got no answer for',
  news: 'gossips to',
  message: 'sends a message to',
  stream: 'opens a stream to',
};
const STYLE = { indirect_probe: 'probe', nack: 'ack' };

export function showHops(hops, nameOf) {
  const now = performance.now();
  for (const hop of hops) {
    const from = positionOf(hop.from);
    const to = positionOf(hop.to);
    if (from && to && flying.length < MAX_DRAWN) {
      // spread over the tick they came in, so that they do not march in step
      flying.push({ ...hop, start: now + Math.random() * 100 });
    }
  }
  say(hops, nameOf, now);
  if (!frame && flying.length) frame = requestAnimationFrame(draw);
}

function say(hops, nameOf, now) {
  const told = hops.find(hop => hop.kind.endsWith('probe')) ?? hops.find(hop => hop.kind !== 'ack');
  if (!told || now - saidAt < 600) return;
  saidAt = now;
  const lost = told.lost ? ', which is lost' : '';
  const about = told.kind === 'news' && told.about ? ` about ${nameOf(told.about)}` : '';
  write(byId('now'), `${nameOf(told.from)} ${VERBS[told.kind]} ${nameOf(told.to)}${about}${lost}`);
}

function fitCanvas() {
  const size = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== size) canvas.width = canvas.height = size;
  return size / 100;
}

function draw(now) {
  const scale = fitCanvas();
  const colours = getComputedStyle(canvas);
  context.clearRect(0, 0, canvas.width, canvas.height);
  flying = flying.filter(hop => now - hop.start < MILLIS);
  for (const hop of flying) {
    const from = positionOf(hop.from);
    const to = positionOf(hop.to);
    const done = (now - hop.start) / MILLIS;
    if (from && to && done >= 0) drawHop(hop, from, to, done, scale, colours);
  }
  frame = flying.length ? requestAnimationFrame(draw) : 0;
}

function drawHop(hop, from, to, done, scale, colours) {
  const colour = colours.getPropertyValue(hop.lost ? '--lost' : `--${STYLE[hop.kind] ?? hop.kind}`);
  const way = still.matches ? 1 : Math.min(done, hop.lost ? 0.55 : 1);
  const x = (from.x + (to.x - from.x) * way) * scale;
  const y = (from.y + (to.y - from.y) * way) * scale;
  context.strokeStyle = context.fillStyle = colour;
  context.globalAlpha = 0.3 * (1 - done);
  context.lineWidth = (hop.kind === 'stream' ? 0.9 : 0.4) * scale;
  context.setLineDash(hop.lost ? [scale, scale] : []);
  context.beginPath();
  context.moveTo(from.x * scale, from.y * scale);
  context.lineTo(x, y);
  context.stroke();
  if (still.matches) return;
  context.globalAlpha = hop.lost ? 1 - done : 1 - done * 0.4;
  context.beginPath();
  context.arc(x, y, (hop.kind === 'ack' || hop.kind === 'nack' ? 0.75 : 1.1) * scale, 0, 2 * Math.PI);
  context.fill();
}
