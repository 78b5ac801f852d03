// What happened, as this member learned of it; the newest on top.

import { byId, make } from './dom.js';
import { shortName } from './words.js';

const KEPT = 200;
let last = 0;

/** The server counts from 1 again when it was started anew. */
export function resetLog() {
  last = 0;
  byId('log').replaceChildren();
}

export function addToLog(entries, local) {
  const list = byId('log');
  for (const entry of entries) {
    if (entry.number <= last) continue;
    last = entry.number;
    const at = new Date(entry.at);
    list.prepend(make('li', { className: entry.kind },
      make('time', { dateTime: entry.at }, at.toLocaleTimeString('en-GB')),
      make('span', {}, entry.member ? make('strong', { title: entry.member }, shortName(entry.member, local)) : '',
        ` ${entry.text}`)));
  }
  while (list.children.length > KEPT) list.lastChild.remove();
}
