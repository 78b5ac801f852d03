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

/** Leaves out the middle: the ends are what differs most often. A name that is a little too long is easier to read whole. */
function squeeze(text, room) {
  if (text.length <= room + 4) return text;
  const start = Math.floor(room / 3);
  return `${text.slice(0, start).replace(/…$/, '')}…${text.slice(start + 1 - room)}`;
}

/** Without what all of a family have in common at the start and at the end, and at the start with their kin. */
function withoutCommon(texts, start, kin) {
  let lists = texts.map(parts);
  const first = inCommon([...lists, ...kin.map(parts)]);
  lists = lists.map(list => list.slice(first));
  const last = inCommon(lists.map(list => [...list].reverse().map(part => part.replace(/[-._:]+$/, ''))));
  const rests = lists.map(list => list.slice(0, list.length - last).join('').replace(/[-._:]+$/, ''));
  return first + last === 0 || new Set(rests).size < rests.length ? texts : rests.map(rest => start + rest);
}

/**
 * Long names that begin alike are a family, and lose what is the same in all of them. The name of this member is on the page in
 * full, so one that begins as it does needs no mark of its family.
 */
function withoutFamilies(texts, local) {
  const families = new Map();
  texts.forEach(text => families.set(parts(text)[0], [...families.get(parts(text)[0]) ?? [], text]));
  const shortened = new Map();
  families.forEach((family, first) => {
    const kin = first === parts(local)[0] ? [local] : [];
    const long = family.length + kin.length > 1 && family.some(text => text.length > LONG);
    const start = kin.length > 0 || family.length === texts.length ? '' : `${first.slice(0, 4)}…`;
    const shorter = long ? withoutCommon(family, start, kin) : family;
    family.forEach((text, index) => shortened.set(text, shorter[index]));
  });
  const all = texts.map(text => shortened.get(text));
  return new Set(all).size < all.length ? texts : all;
}

/**
 * Names without what all of their kind have in common: "companion-1" for "sample-app-vm-7946-companion-1". Long ones
 * lose their middle, as far as no two become the same.
 */
export function shortNames(names, local) {
  const others = names.filter(name => name !== local);
  const texts = withoutFamilies(
    others.map(name => (name.startsWith(`${local}-`) ? name.slice(local.length + 1) : name)), local);
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
