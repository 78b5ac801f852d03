// Facts in words.

let clockAhead = 0;

/** The server's clock counts: this one may go wrong. */
export function setClock(now) {
  clockAhead = now - Date.now();
}

export function ago(since) {
  const seconds = Math.max(0, Math.round((Date.now() + clockAhead - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

/** Names without what all of them have in common: "companion-1" for "sample-app-vm-7946-companion-1". */
export function shortName(name, local) {
  if (name === local) return 'this member';
  return name.startsWith(`${local}-`) ? name.slice(local.length + 1) : name;
}

/** What fits into a circle. */
export function initials(name, local) {
  if (name === local) return 'me';
  const number = /(\d+)$/.exec(shortName(name, local));
  return number && number[1].length < 3 ? number[1] : shortName(name, local).slice(0, 2);
}

export const SIGNS = { alive: '✓', suspect: '?', dead: '✕', left: '–', unknown: '·' };

/** What is certain of a member and may differ from what others believe. */
export const TRUTHS = { paused: 'paused', stopped: 'stopped', killed: 'killed' };

/** How long its state is believed, and what is certain where that is something else. */
export function beliefAndTruth(member) {
  const belief = member.since === null ? 'by now, forgotten' : `for ${ago(member.since)}`;
  const truth = TRUTHS[member.truth];
  return truth && !(truth === 'stopped' && member.state === 'left') ? `${belief}, in truth ${truth}` : belief;
}

export function health(score) {
  if (score === null || score === undefined) return '–';
  return score === 0 ? '0, healthy' : `${score}, slow`;
}

export function roundTrip(millis) {
  return millis === null ? '–' : `${millis < 10 ? millis.toFixed(2) : Math.round(millis)} ms`;
}

export function bytes(count) {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(1)} kB`;
}

/** Tags as "name=value"; plain metadata as it is. */
export function tags(member) {
  const texts = Object.entries(member.tags).map(([name, value]) => `${name}=${value}`);
  return texts.length || member.meta === null ? texts : [member.meta];
}
