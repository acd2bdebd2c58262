/** The kinds of rows in a room's list, and the pieces they come in. */
import { html } from '../html.js';
import { dayName, language, t } from '../i18n.js';
import { today } from '../today.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { Message } from './message.js';
import { Notice } from './notice.js';

const SETTLED_MS = 500;

/**
 * A piece of the list. It reads a signal and has no hooks, so @preact/signals draws it again only when a property or the
 * language changed: of ten thousand rows one piece is compared.
 *
 * @param {{rows: import('../rows.js').Row[], you: import('../types.js').User, names: import('../text.js').Names}} props
 */
export function Chunk({ rows, you, names }) {
  return html`<div class="chunk" ref=${settle} data-language=${language.value}>
    ${rows.map((row) => html`<${Row} key=${row.key} row=${row} you=${you} names=${names} />`)}
  </div>`;
}

/**
 * From when on a piece may be left undrawn while it is out of view: once its height is known.
 *
 * @param {HTMLElement|null} chunk
 */
function settle(chunk) {
  if (chunk) setTimeout(() => chunk.classList.add('is-settled'), SETTLED_MS);
}

/** @param {{row: import('../rows.js').Row, you: import('../types.js').User, names: import('../text.js').Names}} props */
function Row({ row, you, names }) {
  switch (row.kind) {
    case 'day':
      return html`<${Day} at=${row.at} />`;
    case 'unread':
      return html`<div class="unread-line" role="separator"><span>${t('list.unread')}</span></div>`;
    case 'notice':
      return html`<${Notice} entries=${row.entries} />`;
    case 'message': {
      const { message, first, last, mine, editing } = row;
      return html`<${Message} message=${message} first=${first} last=${last} mine=${mine} editing=${editing} you=${you} names=${names} />`;
    }
  }
}

/** @param {{at: number}} props */
function Day({ at }) {
  const name = dayName(at, today.value);
  return html`<h2 class="day-line"><span key=${name}>${name}</span></h2>`;
}

/** @param {{room: import('../types.js').RoomState, name: string}} props */
export function Beginning({ room: { room, messages }, name }) {
  const isEmpty = messages.length === 0;
  const title = isEmpty ? t('room.empty') : t(room.peer ? 'room.beginningDirect' : 'room.beginning', { name });
  return html`<div class=${isEmpty ? 'beginning is-empty' : 'beginning'}>
    ${room.peer ? html`<span class="beginning-face"><${Face} face=${room.peer.face} /></span>` : html`<span class="beginning-cup"
      aria-hidden="true">🍵</span>`}
    <p class="beginning-title">${title}</p>
    ${isEmpty ? html`<p>${t('room.emptyHint')}</p>` : room.topic && html`<p dir="auto">${room.topic}</p>`}
  </div>`;
}

/** @param {{news: number, onClick: () => void}} props */
export function EndButton({ news, onClick }) {
  const words = news > 0 ? t('list.new', { n: news }) : t('list.latest');
  return html`<button class=${news > 0 ? 'end-button is-news' : 'end-button'} type="button" onClick=${onClick} aria-label=${words}
    title=${words}>
    ${news > 0 && html`<span>${words}</span>`}<${Icon} name="arrow-down" />
  </button>`;
}
