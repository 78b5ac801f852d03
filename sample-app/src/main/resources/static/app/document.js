// Shows one of the project's documents, which are written in Markdown: document.html?glossary shows docs/glossary.md.

import { marked } from '../webjars/marked/17.0.1/lib/marked.esm.js';
import { byId } from './dom.js';

const main = byId('document');
const name = /^[a-z-]+$/.exec(location.search.slice(1))?.[0] ?? 'sample';

/** The anchor of a heading, as links in the documents spell it. */
const anchor = text => text.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');

/** Links to other documents stay on this page; files that only the repository has are no links here. */
function mendLink(link) {
  const href = link.getAttribute('href');
  const [, other, place] = /^([a-z-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (other) link.href = `document.html?${other}${place ?? ''}`;
  else if (!/^(https?:|#)/.test(href)) link.removeAttribute('href');
}

async function show() {
  const response = await fetch(`docs/${name}.md`);
  if (!response.ok) {
    main.textContent = `There is no document called “${name}”.`;
    return;
  }
  main.innerHTML = marked.parse(await response.text());
  main.querySelectorAll('h1, h2, h3, h4').forEach(heading => { heading.id = anchor(heading.textContent); });
  main.querySelectorAll('a').forEach(mendLink);
  main.querySelectorAll('th:empty').forEach(empty => empty.replaceWith(document.createElement('td')));
  main.querySelectorAll('img').forEach(image => image.remove());
  main.querySelectorAll('pre, table').forEach(wide => {
    const frame = document.createElement('div');
    Object.assign(frame, { className: 'wide-text', tabIndex: 0, role: 'group', ariaLabel: wide.tagName === 'PRE' ? 'Code' : 'Table' });
    wide.replaceWith(frame);
    frame.append(wide);
  });
  document.title = `memberlist: ${main.querySelector('h1')?.textContent ?? name}`;
  if (location.hash) byId(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

show();
