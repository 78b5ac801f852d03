// What travels between the members, as marks on their way. Who prefers less motion sees lines that fade.

import { byId, mark, write } from './dom.js';
import { createCauses } from './causes.js';
import { positionOf } from './ring.js';

const MILLIS = 650;
const SPREAD_MILLIS = 200;
const MAX_DRAWN = 150;
const MAX_DRAWN_SLOWLY = 30;
const canvas = byId('hops');
const context = canvas.getContext('2d');
const still = matchMedia('(prefers-reduced-motion: reduce)');
let causes = createCauses();
let flying = [];
let frame = 0;
let saidAt = 0;
let duration = MILLIS;

const VERBS = {
  probe: 'probes',
  indirect_probe: 'asks for help with a probe:',
  ack: 'answers',
  nack: 'got no answer for',
  news: 'gossips to',
  message: 'sends a message to',
  digest: 'compares received messages with',
  stream: 'opens a stream to',
};
const STYLE = { indirect_probe: 'probe', nack: 'ack' };

/** How long a packet is on its way on the page. */
export const flightMillis = () => duration;

export function showHops(hops, nameOf) {
  const now = performance.now();
  hops.forEach((hop, index) => {
    if (!positionOf(hop.from) || !positionOf(hop.to)) return;
    if (flying.length >= (duration > MILLIS ? MAX_DRAWN_SLOWLY : MAX_DRAWN)) return;
    // spread over the time between two answers, so that they do not march in step
    const start = causes.start(hop, now + (index / hops.length) * SPREAD_MILLIS, duration);
    if (start !== null) flying.push({ hop, start, duration });
  });
  const told = hops.find(hop => hop.kind.endsWith('probe')) ?? hops.find(hop => hop.kind !== 'ack');
  if (told && now - saidAt > 0.9 * duration) {
    saidAt = now;
    say(told, nameOf);
  }
  animate();
}

/** One packet alone, which stays until the next one. */
export function showHop(hop, nameOf) {
  flying = [{ hop, start: performance.now(), duration: MILLIS, stays: true }];
  say(hop, nameOf);
  animate();
}

/** At another speed everything starts anew: a packet keeps its pace on its whole way. */
export function setSpeed(rate) {
  duration = rate > 0 ? MILLIS / rate : MILLIS;
  causes = createCauses();
  flying = [];
  saidAt = 0;
  mark(byId('now'), 'aria-live', rate > 0 ? 'off' : 'polite');
  animate();
}

function say(hop, nameOf) {
  const lost = hop.lost ? ', which is lost' : '';
  const about = ['news', 'indirect_probe'].includes(hop.kind) && hop.about ? ` about ${nameOf(hop.about)}` : '';
  write(byId('now'), `${nameOf(hop.from)} ${VERBS[hop.kind]} ${nameOf(hop.to)}${about}${lost}`);
}

function fitCanvas() {
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

function animate() {
  if (!frame) frame = requestAnimationFrame(draw);
}

function draw(now) {
  fitCanvas();
  const colours = getComputedStyle(canvas);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  flying = flying.filter(one => one.stays || now - one.start < one.duration);
  for (const one of flying) {
    const from = positionOf(one.hop.from);
    const to = positionOf(one.hop.to);
    const done = Math.min(1, (now - one.start) / one.duration);
    if (from && to && done >= 0) drawHop(one, from, to, done, colours);
  }
  const moving = flying.some(one => now - one.start < one.duration);
  frame = moving ? requestAnimationFrame(draw) : 0;
}

new ResizeObserver(animate).observe(canvas);

function drawHop({ hop, stays }, from, to, done, colours) {
  const kind = STYLE[hop.kind] ?? hop.kind;
  const way = still.matches && !stays ? 1 : Math.min(done, hop.lost ? 0.55 : 1);
  const x = from.x + (to.x - from.x) * way;
  const y = from.y + (to.y - from.y) * way;
  const fading = stays ? 0 : done;
  context.strokeStyle = context.fillStyle = colours.getPropertyValue(hop.lost ? '--lost' : `--${kind}`).trim();
  context.globalAlpha = stays ? 0.8 : 0.35 * (1 - fading);
  context.lineWidth = hop.kind === 'stream' ? 5 : 2;
  context.setLineDash(hop.lost ? [5, 5] : []);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(x, y);
  context.stroke();
  if (still.matches && !stays) return;
  context.globalAlpha = hop.lost ? 1 - fading : 1 - fading * 0.4;
  context.setLineDash([]);
  context.lineWidth = 2;
  context.beginPath();
  OUTLINES[kind]?.(x, y);
  if (hop.lost || kind === 'ack') context.stroke();
  else context.fill();
}

/** Each kind has a shape too, for those who do not tell the colours apart. The legend shows the same ones. */
const OUTLINES = {
  probe: (x, y) => context.arc(x, y, 6, 0, 2 * Math.PI),
  ack: (x, y) => context.arc(x, y, 5, 0, 2 * Math.PI),
  news: (x, y) => polygon([[x, y - 7], [x + 7, y], [x, y + 7], [x - 7, y]]),
  message: (x, y) => context.rect(x - 6, y - 6, 12, 12),
  digest: (x, y) => polygon([[x, y - 6], [x + 6.5, y + 5], [x - 6.5, y + 5]]),
  stream: (x, y) => context.arc(x, y, 3, 0, 2 * Math.PI),
};

function polygon(points) {
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}
