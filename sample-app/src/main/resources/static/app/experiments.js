// Experiments that are explained step by step. Each step is a button to press, or something to wait for.

import { byId, keyed, make, mark, write } from './dom.js';
import { action } from './actions.js';
import { ask, closeAnswer } from './api.js';
import { shortName } from './words.js';

const member = run => run.cluster.members.find(one => one.name === run.victim);
const stateIn = (view, name) => view?.[name] ?? 'unknown';
const others = run => Object.entries(run.cluster.views).filter(([name]) => name !== run.victim).map(([, view]) => view);
const cutOff = ({ cluster }) => cluster.members.filter(one => one.otherSide);
const ofVictim = (run, path) => ask(`members/${encodeURIComponent(run.victim)}/${path}`);
const message = ({ cluster, sent }) => cluster.news.find(item => item.about === sent);

/**
 * Each step has a text, and done, which tells when it is over. With run it is a button to press, with a text of its
 * own.
 */
const EXPERIMENTS = [
  {
    title: 'A member fails',
    expect: 'How do the others notice, and who decides?',
    steps: [
      {
        button: run => `Kill ${run.name}`,
        text: () => 'It ends without a word to the others.',
        run: run => ofVictim(run, 'kill'),
        done: run => member(run)?.untouchable !== null || member(run).state !== 'alive',
      },
      {
        text: run => `Somebody probes ${run.name}, gets no answer, and asks a helper to probe it too. Then it is suspect.`,
        done: run => ['suspect', 'dead'].includes(member(run)?.state),
      },
      {
        text: () => 'The countdown is its chance to answer. It cannot, so it is considered dead.',
        done: run => member(run)?.state === 'dead',
      },
      {
        text: () => 'Gossip tells all the others. “How news spreads” shows when each one learned it.',
        done: run => others(run).every(view => !['alive', 'suspect'].includes(stateIn(view, run.victim))),
      },
    ],
    end: run => `All agree that ${run.name} is dead. No server decided that: the members did.`,
  },
  {
    title: 'A false alarm',
    expect: 'How does a slow member defend itself?',
    steps: [
      {
        button: run => `Pause ${run.name}`,
        text: () => 'It stands still, as in a long garbage collection, but it is not dead.',
        run(run) {
          run.before = member(run).incarnation;
          return ofVictim(run, 'pause');
        },
        done: run => member(run)?.truth === 'paused',
      },
      {
        text: () => 'It misses a probe. Wait until the others suspect it.',
        done: run => ['suspect', 'dead'].includes(member(run)?.state),
      },
      {
        button: run => `Resume ${run.name}`,
        text: () => 'Do it before the countdown ends.',
        run: run => ofVictim(run, 'resume'),
        done: run => member(run)?.truth === 'running',
      },
      {
        text: () => 'It learns of the suspicion, and answers with a higher incarnation number.',
        done: run => member(run)?.state === 'alive' && member(run).incarnation > run.before,
      },
    ],
    end: run => `Incarnation ${run.before} became ${member(run)?.incarnation ?? 'higher'}. Only the member itself may raise its`
      + ' number, so its answer outweighs the suspicion.',
  },
  {
    title: 'The network splits',
    expect: 'What do two halves do that cannot reach each other?',
    steps: [
      {
        button: () => 'Cut the network',
        text: () => 'Neither half reaches the other any more.',
        run: () => ask('network/cut'),
        done: run => run.cluster.cut,
      },
      {
        text: () => 'Each half suspects the other one, then considers it dead. Choose a member of the other half under “States as'
          + ' seen by”: it says the opposite.',
        done: run => cutOff(run).every(one => one.state === 'dead'),
      },
      {
        button: () => 'Send a message',
        text: () => 'Only the half of this page receives it now.',
        run(run) {
          run.sent = `sent while the network was cut, ${new Date().toLocaleTimeString('en-GB')}`;
          return ask('broadcasts', { text: run.sent });
        },
        done: run => message(run) !== undefined,
      },
      {
        button: () => 'Heal the cut',
        text: () => 'The halves look for each other again.',
        run: () => ask('network/heal'),
        done: run => !run.cluster.cut,
      },
      {
        text: () => 'All members prove that they are alive, and the other half receives the message that it missed.',
        done: run => run.cluster.members.every(one => one.truth !== 'running' || one.state === 'alive')
          && message(run)?.audience.every(name => name in message(run).heard),
      },
    ],
    end: () => 'Both halves are one cluster again, and nobody had to do anything but repair the network.',
  },
];

let running = null;
let last = null;

const reasonAgainst = (experiment, cluster) => {
  if (cluster.cut) return 'The network is cut: heal it first.';
  if (cluster.lossPercent) return 'The network loses packets: set the loss to 0 first.';
  if (experiment === EXPERIMENTS[2]) return cluster.unavailable.cut ?? null;
  return victimOf(cluster) ? null : 'There is no companion that runs: start a member first.';
};

const victimOf = cluster => cluster.members.filter(one => one.truth === 'running' && one.untouchable === null && one.state === 'alive').at(-1);

function begin(experiment) {
  const victim = victimOf(last)?.name ?? null;
  running = { experiment, cluster: last, victim, name: victim && shortName(victim, last.local), step: 0, pressed: null };
  byId('experiment-steps').replaceChildren();
  drawExperiments(last);
  byId('experiment-steps').querySelector('button')?.focus();
}

const starts = EXPERIMENTS.map(experiment => action({
  text: experiment.title,
  expect: experiment.expect,
  run: async () => begin(experiment),
}));
byId('experiment-starts').append(...starts.map(one => one.form));
byId('experiment-end').addEventListener('click', () => {
  running = null;
  closeAnswer();
  drawExperiments(last);
  byId('experiment-starts').querySelector('button').focus();
});

function createStep({ button }) {
  return make('li', {},
    make('span', { className: 'mark', ariaHidden: 'true' }),
    button ? make('button', { type: 'submit' }) : '',
    make('span', { className: 'text' }));
}

function updateStep(element, step, index) {
  const place = index < running.step ? 'done' : index === running.step ? 'current' : 'later';
  element.className = place;
  mark(element, 'aria-current', place === 'current' ? 'step' : null);
  write(element.querySelector('.mark'), place === 'done' ? '✓' : String(index + 1));
  write(element.querySelector('.text'), step.text(running));
  const button = element.querySelector('button');
  if (!button) return;
  write(button, step.button(running));
  mark(button, 'aria-disabled', place === 'current' ? null : 'true');
  button.onclick = () => press(step, index);
}

/** The page may show what a button did before its request is answered: only a second press of the same step waits. */
async function press(step, index) {
  const run = running;
  if (run.step !== index || run.pressed === index) return;
  run.pressed = index;
  await step.run(run);
  if (run.pressed === index) run.pressed = null;
}

export function drawExperiments(cluster) {
  last = cluster;
  byId('experiments').hidden = !cluster.companions;
  starts.forEach((start, index) => start.refuse(reasonAgainst(EXPERIMENTS[index], cluster)));
  byId('experiment-starts').hidden = running !== null;
  byId('experiment-run').hidden = running === null;
  if (!running) return;
  const { experiment } = running;
  running.cluster = cluster;
  while (running.step < experiment.steps.length && experiment.steps[running.step].done(running)) running.step++;
  const over = running.step === experiment.steps.length;
  write(byId('experiment-name'), experiment.title);
  keyed(byId('experiment-steps'), experiment.steps, step => String(experiment.steps.indexOf(step)), createStep,
    (element, step) => updateStep(element, step, experiment.steps.indexOf(step)));
  const current = experiment.steps[running.step];
  write(byId('experiment-said'), over ? experiment.end(running) : current.button ? '' : `Wait: ${current.text(running)}`);
  write(byId('experiment-end'), over ? 'Choose another' : 'End the experiment');
}
