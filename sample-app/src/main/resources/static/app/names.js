// Short names that still tell the members apart.

const LONG = 16;
let labels = new Map();

const parts = name => name.match(/[^-._:]+[-._:]*|[-._:]+/g) ?? [name];

/** How many parts all lists have in common, from the start; each keeps at least one of its own. */
function inCommon(lists) {
  const most = Math.min(...lists.map(list => list.length)) - 1;
  let count = 0;
  while (count < most && lists.every(list => list[count] === lists[0][count])) count++;
  return count;
}

/** Leaves out the middle: the ends are what differs most often. */
function squeeze(text, room) {
  if (text.length <= room) return text;
  const start = Math.floor(room / 3);
  return `${text.slice(0, start)}…${text.slice(start + 1 - room)}`;
}

/**
 * Names without what all of them have in common: "companion-1" for "sample-app-vm-7946-companion-1". Long ones lose
 * their middle, as far as no two become the same.
 */
export function shortNames(names, local) {
  const others = names.filter(name => name !== local);
  let texts = others.map(name => (name.startsWith(`${local}-`) ? name.slice(local.length + 1) : name));
  if (others.length > 1 && texts.some(text => text.length > LONG)) {
    let lists = texts.map(parts);
    const first = inCommon(lists);
    lists = lists.map(list => list.slice(first));
    const last = inCommon(lists.map(list => [...list].reverse().map(part => part.replace(/[-._:]+$/, ''))));
    texts = lists.map(list => list.slice(0, list.length - last).join('').replace(/[-._:]+$/, ''));
    if (new Set(texts).size < texts.length) texts = others;
  }
  const longest = Math.max(0, ...texts.map(text => text.length));
  for (let room = LONG; ; room += 4) {
    const short = texts.map(text => squeeze(text, room));
    if (room >= longest || new Set(short).size === short.length) {
      return new Map(others.map((name, index) => [name, short[index]]));
    }
  }
}

/** Called whenever members came or went. */
export function learnNames(names, local) {
  if (names.length !== labels.size + 1 || names.some(name => name !== local && !labels.has(name))) {
    labels = shortNames(names, local);
  }
}

export function shortName(name, local) {
  if (name === local) return 'this member';
  return labels.get(name) ?? (name.startsWith(`${local}-`) ? name.slice(local.length + 1) : name);
}

/** What fits into a circle. */
export function initials(name, local) {
  if (name === local) return 'me';
  const short = shortName(name, local);
  const number = /(\d+)$/.exec(short);
  return number && number[1].length < 3 ? number[1] : short.slice(-2);
}
