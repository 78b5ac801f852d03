// Which member heard of what, after how long.

import { byId, keyed, make, write } from './dom.js';
import { ago, shortName } from './words.js';
import { pulse } from './ring.js';

const WORDS = {
  joined: 'joined', suspected: 'is suspected', recovered: 'is alive after all', failed: 'is dead',
  left: 'has left', updated: 'changed its tags',
};
const heardBefore = new Map();

function title(item, local) {
  return item.kind === 'message' ? `“${item.about}”` : `${shortName(item.about, local)} ${WORDS[item.kind] ?? item.kind}`;
}

function create(item) {
  return make('li', { className: item.kind },
    make('details', {},
      make('summary', {},
        make('span', { className: 'title' }),
        make('span', { className: 'dots', ariaHidden: 'true' }),
        make('span', { className: 'reach quiet' })),
      make('ol', { className: 'who' })));
}

function reach(item) {
  const times = Object.values(item.heard);
  const last = Math.max(0, ...times);
  const all = times.length >= item.audience.length;
  return `${all ? 'all' : `${times.length} of`} ${item.audience.length} after ${last} ms`;
}

function update(element, item, local) {
  write(element.querySelector('.title'), title(item, local));
  write(element.querySelector('.reach'), `${reach(item)}, ${ago(item.at)} ago`);
  const audience = [...item.audience].sort((a, b) => (item.heard[a] ?? 1e9) - (item.heard[b] ?? 1e9));
  keyed(element.querySelector('.dots'), audience, name => name, () => make('i'),
    (dot, name) => dot.classList.toggle('heard', name in item.heard));
  keyed(element.querySelector('.who'), audience, name => name, () => make('li'), (row, name) => write(row,
    name in item.heard ? `${shortName(name, local)} after ${item.heard[name]} ms` : `${shortName(name, local)} not yet`));
}

function pulseNew(item) {
  const before = heardBefore.get(item.id);
  const heard = new Set(Object.keys(item.heard));
  heardBefore.set(item.id, heard);
  heard.forEach(name => {
    if (!before?.has(name)) pulse(name, item.kind);
  });
}

export function drawNews(cluster, first) {
  keyed(byId('news'), cluster.news, item => item.id, create, (element, item) => update(element, item, cluster.local));
  if (first) cluster.news.forEach(item => heardBefore.set(item.id, new Set(Object.keys(item.heard))));
  else cluster.news.forEach(pulseNew);
}
