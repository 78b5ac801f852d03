// Two small charts: what was sent and received in each of the last sixty seconds.

import { byId, make, write } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const SECONDS = 60;

function shape(className) {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('class', className);
  return path;
}

function create(figure, title) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${SECONDS - 1} 40`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.append(shape('area'), shape('out'), shape('in'));
  figure.append(
    make('figcaption', {}, make('strong', {}, title), make('span', { className: 'top quiet' })),
    svg,
    make('p', { className: 'values' }, make('span', { className: 'out' }), make('span', { className: 'in' })));
}

function line(values, top) {
  const first = SECONDS - values.length;
  return values
    .map((value, index) => `${index ? 'L' : 'M'}${first + index} ${(39 - (value / top) * 36).toFixed(1)}`)
    .join('');
}

/** Draws one chart; unit writes a number. */
export function drawChart(id, title, out, received, unit) {
  const figure = byId(id);
  if (!figure.firstChild) create(figure, title);
  if (!out.length) return;
  const top = Math.max(1, ...out, ...received);
  const [area, outLine, inLine] = figure.querySelectorAll('path');
  const path = line(out, top);
  outLine.setAttribute('d', path);
  inLine.setAttribute('d', line(received, top));
  area.setAttribute('d', `${path}L${SECONDS - 1} 40L${SECONDS - out.length} 40Z`);
  const lastOut = unit(out[out.length - 1]);
  const lastIn = unit(received[received.length - 1]);
  write(figure.querySelector('.top'), `top ${unit(top)}`);
  write(figure.querySelector('.values .out'), `${lastOut} sent`);
  write(figure.querySelector('.values .in'), `${lastIn} received`);
  figure.querySelector('svg')
    .setAttribute('aria-label', `${title}, the last minute: now ${lastOut} sent, ${lastIn} received, at most ${unit(top)}`);
}
