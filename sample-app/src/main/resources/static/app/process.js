// The processes that the members run in. A process shows what its own members send, and links to the others.

import { byId, keyed, make, write } from './dom.js';
import { shortName } from './words.js';

const isElsewhere = member => member.truth === 'elsewhere';

const link = () => make('a', { rel: 'noreferrer' });

function point(anchor, href, text) {
  anchor.href = href;
  write(anchor, text);
}

/** The process of a member: its ID, and a link to its page. */
export function drawProcess(cell, member) {
  const which = isElsewhere(member) ? 'another' : 'this one';
  const parts = [['text', member.pid === null ? which : `${which}, PID ${member.pid}`]];
  if (isElsewhere(member) && member.page !== null) parts.push(['link', 'its own page']);
  keyed(cell, parts, ([kind]) => kind, ([kind]) => (kind === 'link' ? link() : make('span', {})), (part, [kind, text]) => {
    if (kind === 'link') point(part, member.page, text);
    else write(part, `${text} `);
  });
}

/** What cannot be seen from here, and where it can. */
export function drawUnseen(cluster) {
  const others = cluster.members.filter(member => isElsewhere(member) && ['alive', 'suspect'].includes(member.state));
  const linked = others.filter(member => member.page !== null);
  const note = byId('unseen');
  note.hidden = others.length < 2;
  if (note.hidden) return;
  const where = linked.length ? ' Their own pages show it:' : ' The page of each shows what it sends.';
  write(note.firstElementChild, `Members of other processes also send to each other, which cannot be seen from here.${where}`);
  keyed(note.lastElementChild, linked, member => member.name, link,
    (anchor, member) => point(anchor, member.page, shortName(member.name, cluster.local)));
}
