// The members on a ring, or in rows where there are many. Each is a button: state in colour, sign and word.

import { byId, keyed, make, mark, write } from './dom.js';
import { GAP, onRing, ringFor } from './layout.js';
import { SIGNS, TRUTHS, initials, secondsUntil, shortName } from './words.js';

const LARGEST_RADIUS_REM = 13;
const box = byId('ring');
const positions = new Map();
let select = () => {};
let arrangedFor = '';
let ring = null;

export const onSelect = listener => { select = listener; };

/** Where the member at an address is drawn: the middle of its disc in pixels, from the upper left of the ring's box. */
export const positionOf = address => positions.get(address);

function createNode() {
  const button = make('button', { type: 'button', className: 'node' },
    make('span', { className: 'disc' }, make('span', { className: 'initials' }), make('span', { className: 'sign' })),
    make('span', { className: 'name' }),
    make('span', { className: 'word' }));
  button.setAttribute('aria-pressed', 'false');
  return make('li', {}, button);
}

function description(member, state, cluster) {
  const extra = [
    member.name === cluster.local ? 'this member' : null,
    TRUTHS[member.truth] ?? null,
    cluster.cut && member.otherSide ? 'cut off' : null,
  ].filter(Boolean);
  return [member.name, state, ...extra].join(', ');
}

/** How long a suspected member still has to answer, as the member of this page knows it. */
function countdown(member, state, viewer, cluster) {
  const seconds = state === 'suspect' && viewer === cluster.local ? secondsUntil(member.deadAt) : null;
  return seconds === null ? null : `${seconds} s`;
}

function updateNode(item, member, cluster, viewer, seen, selected) {
  const button = item.firstChild;
  button.onclick = () => select(member.name);
  const state = seen(member);
  const cutOff = cluster.cut && member.otherSide;
  button.className = ['node', state, member.truth, member.name === cluster.local ? 'local' : '',
    cutOff ? 'cut-off' : ''].filter(Boolean).join(' ');
  mark(button, 'aria-pressed', member.name === selected);
  mark(button, 'aria-label', description(member, state, cluster));
  button.title = member.name;
  const left = countdown(member, state, viewer, cluster);
  write(button.querySelector('.initials'), left ?? initials(member.name, cluster.local));
  write(button.querySelector('.sign'), member.truth === 'paused' ? 'II' : SIGNS[state]);
  write(button.querySelector('.name'), shortName(member.name, cluster.local));
  write(button.querySelector('.word'), [member.truth === 'paused' ? 'paused' : null, state, ring ? null : left].filter(Boolean).join(', '));
}

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Measures and arranges anew where members came or went, or where there is more or less room. */
function arrange(items) {
  const key = [box.clientWidth, rem(), ...items.map(item => item.querySelector('.name').textContent)].join('\n');
  if (key === arrangedFor) return;
  arrangedFor = key;
  box.classList.remove('rows');
  const sizes = items.map(item => {
    const disc = item.querySelector('.disc');
    return {
      width: item.firstChild.offsetWidth,
      height: item.firstChild.offsetHeight,
      middle: disc.offsetTop + disc.offsetHeight / 2,
    };
  });
  ring = ringFor(sizes, box.clientWidth, LARGEST_RADIUS_REM * rem());
  box.classList.toggle('rows', ring === null);
  box.style.height = ring ? `${ring.height}px` : '';
  items.forEach((item, index) => {
    const { x, y } = ring ? onRing(index, items.length, ring) : { x: 0, y: sizes[index].middle };
    item.style.left = ring ? `${x}px` : '';
    item.style.top = ring ? `${y - sizes[index].middle}px` : '';
  });
  drawCircle();
}

function drawCircle() {
  const svg = box.querySelector('svg');
  mark(svg, 'viewBox', `0 0 ${box.clientWidth} ${box.clientHeight}`);
  const circle = svg.querySelector('circle');
  mark(circle, 'cx', ring?.x ?? 0);
  mark(circle, 'cy', ring?.y ?? 0);
  mark(circle, 'r', ring?.radius ?? 0);
}

function remember(items, members) {
  positions.clear();
  const origin = ring ? null : box.getBoundingClientRect();
  members.forEach((member, index) => {
    if (ring) {
      positions.set(member.address, onRing(index, members.length, ring));
      return;
    }
    const disc = items[index].querySelector('.disc').getBoundingClientRect();
    positions.set(member.address, {
      x: disc.left + disc.width / 2 - origin.left,
      y: disc.top + disc.height / 2 - origin.top,
    });
  });
}

/** Two rays from the middle, wherever neighbours on the ring are on different sides. */
function cutPath({ cut, members }) {
  if (!cut || !ring) return '';
  return members.map((member, index) => {
    const next = members[(index + 1) % members.length];
    if (member.otherSide === next.otherSide) return '';
    const end = onRing(index + 0.5, members.length, { ...ring, radius: ring.radius + 10 * GAP });
    return `M${ring.x} ${ring.y} L${end.x} ${end.y}`;
  }).join('');
}

export function drawRing(cluster, viewer, selected) {
  const view = cluster.views[viewer];
  const seen = member => (viewer === cluster.local || !view ? member.state : view[member.name] ?? 'unknown');
  keyed(byId('nodes'), cluster.members, member => member.name, createNode,
    (item, member) => updateNode(item, member, cluster, viewer, seen, selected));
  const items = [...byId('nodes').children];
  arrange(items);
  remember(items, cluster.members);
  mark(byId('cut-line'), 'd', cutPath(cluster));
}

/** A ring of light round a member that has just heard something, when that has arrived. */
export function pulse(name, kind, afterMillis = 0) {
  const item = [...byId('nodes').children].find(child => child.dataset.key === name);
  if (!item) return;
  setTimeout(() => {
    const halo = make('span', { className: `halo ${kind === 'message' ? 'message' : 'news'}` });
    item.querySelector('.disc').append(halo);
    setTimeout(() => halo.remove(), 1200);
  }, afterMillis);
}

export function drawViewers(cluster, viewer) {
  const names = Object.keys(cluster.views).sort((a, b) => a.length - b.length || a.localeCompare(b));
  keyed(byId('viewer'), names, name => name, name => make('option', { value: name }),
    (option, name) => write(option, shortName(name, cluster.local)));
  if (byId('viewer').value !== viewer) byId('viewer').value = viewer;
}
