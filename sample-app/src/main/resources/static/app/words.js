// Facts in words.

export { initials, shortName } from './names.js';

const MAX_HEALTH = 8;
let serverTime = Date.now();
let readAt = performance.now();
let rate = 1;

/** The server's clock counts: the one of this machine may be wrong. */
export function setClock(now) {
  serverTime = now;
  readAt = performance.now();
}

/** How fast the time of the page goes on: 1 live, less in slow motion, 0 between two steps. */
export function setRate(newRate) {
  setClock(clock());
  rate = newRate;
}

/** The time that the page shows, in milliseconds since 1970. */
export function clock() {
  return serverTime + (performance.now() - readAt) * rate;
}

export function ago(since) {
  const seconds = Math.max(0, Math.round((clock() - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

/** The seconds until then, from 0 on; null for never. */
export function secondsUntil(then) {
  return then ? Math.max(0, Math.ceil((Date.parse(then) - clock()) / 1000)) : null;
}

export const SIGNS = { alive: '✓', suspect: '?', dead: '✕', left: '–', unknown: '·' };

/** What is certain of a member and may differ from what others believe. */
export const TRUTHS = { paused: 'paused', stopped: 'stopped', killed: 'killed' };

/** How long its state is believed, and what is certain where that is something else. */
export function beliefAndTruth(member) {
  const belief = member.since === null ? ', since this member has forgotten it' : `for ${ago(member.since)}`;
  const truth = TRUTHS[member.truth];
  return truth && !(truth === 'stopped' && member.state === 'left') ? `${belief}; actually ${truth}` : belief;
}

export function health(score) {
  if (score === null || score === undefined) return '–';
  return `${score} of ${MAX_HEALTH}${score === 0 ? ': healthy' : ': this member may be the slow one'}`;
}

export function shortHealth(score) {
  return score === null || score === undefined ? '–' : `${score} of ${MAX_HEALTH}`;
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
