/** Where one writes: a field that grows, the message it answers, people to mention, emoji, the room left for text. */
import { draftOf, keepDraft, personOf } from '../drafts.js';
import { anchored, byteLength, fitHeight, hasKeyboard, isDone, keepHeight, replaceText, trimmed } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { indexOf } from '../timeline.js';
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useRef, useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import { CopyButton } from './kept.js';
import { roomName } from './room_name.js';
import { Suggestions, useSuggestions } from './suggestions.js';

const LIMIT_NEAR = 0.85;

/**
 * One component per room: give it the room's id as key. When the room is gone the very same field stays, with the focus and the
 * words that it has, and takes no more keys.
 *
 * @param {{room: import('../types.js').RoomState, gone?: boolean}} props
 */
export function Composer({ room, gone = false }) {
  const { store, ui } = useHouse();
  const { id } = room.room;
  const { limits, lobby, you } = store.state.value;
  const yourId = you ? you.id : 0;
  const whose = personOf(store.state.value);
  const field = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const [text, setText] = useState(() => draftOf(whose, id).text);
  const replyTo = ui.replying.value[id];
  const suggestions = useSuggestions(id, field);
  const bytes = byteLength(trimmed(text));
  const hint = gone ? t('gone.field') : t(room.room.kind === 'direct' ? 'composer.direct' : 'composer.placeholder', { name: roomName(room.room, lobby) });

  /** @param {string} value */
  function changed(value) {
    setText(value);
    keepDraft(whose, id, { text: value });
    suggestions.look();
  }

  useLayoutEffect(() => {
    /** @type {HTMLTextAreaElement} */ (field.current).value = text;
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);
  useEffect(() => {
    const { replyTo: seq } = draftOf(whose, id);
    if (seq && !ui.replying.peek()[id]) ui.reply(id, { seq });
  }, []);
  useLayoutEffect(() => fitHeight(/** @type {HTMLTextAreaElement} */ (field.current)), [text, gone]);
  useEffect(() => keepHeight(/** @type {HTMLTextAreaElement} */ (field.current)), []);
  useInsertion(ui, field);

  const stopReplying = () => ui.reply(id, undefined);
  const send = async () => {
    const said = trimmed(text);
    if (gone || said === '' || bytes > limits.max_text_bytes) return;
    replaceText(/** @type {HTMLTextAreaElement} */ (field.current), '', 0, text.length);
    stopReplying();
    await ui.attempt(store.send(id, said, replyTo && replyTo.seq));
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (gone || suggestions.key(event)) return;
    if (isDone(event)) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape') stopReplying();
    if (event.key === 'ArrowUp' && text === '') editLast(ui, room, yourId, event);
  };
  const onInput = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLTextAreaElement} */ (event.target);
    changed(value);
    if (value.trim() !== '') store.typing(id);
  };
  const onPaste = (/** @type {ClipboardEvent} */ { clipboardData }) => {
    if (clipboardData && clipboardData.files.length > 0 && !clipboardData.types.includes('text/plain')) ui.say(t('composer.noFiles'));
  };
  const openEmoji = anchored((anchor) => ui.open({ type: 'emoji', anchor, pick: insert(ui) }));

  return html`<form class=${gone ? 'composer is-gone' : 'composer'} onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), send())}>
    <${Suggestions} suggestions=${suggestions} />
    <div class="composer-box">
      ${replyTo && !gone && html`<${ReplyBar} by=${messageOf(room, replyTo)?.by ?? replyTo.by} text=${textOf(room, replyTo)} onCancel=${stopReplying} />`}
      <div class="composer-line">
        ${!gone && html`<button class="icon-button" type="button" onClick=${openEmoji} aria-label=${t('composer.emoji')}
          title=${t('composer.emoji')}><${Icon} name="smile" /></button>`}
        <textarea ref=${field} rows="1" dir="auto" enterkeyhint=${hasKeyboard() ? 'send' : 'enter'} autocomplete="off" placeholder=${hint} aria-label=${hint}
          readOnly=${gone}
          ...${suggestions.field}
          onInput=${onInput} onKeyDown=${onKeyDown} onPaste=${onPaste} onClick=${suggestions.look} onBlur=${suggestions.close}></textarea>
        ${gone
          ? text.trim() !== '' && html`<${CopyButton} text=${text} ui=${ui} />`
          : html`<button class="icon-button send" type="submit" disabled=${text.trim() === '' || bytes > limits.max_text_bytes}
            aria-label=${t('composer.send')} title=${t('composer.send')}><${Icon} name="send-horizontal" /></button>`}
      </div>
      ${bytes > limits.max_text_bytes * LIMIT_NEAR && html`<${Limit} left=${limits.max_text_bytes - bytes} />`}
    </div>
  </form>`;
}

/**
 * Where the room's window has the message it is the one to ask.
 *
 * @param {import('../types.js').RoomState} room
 * @param {import('../ui.js').Replying} replying
 */
function textOf(room, replying) {
  return messageOf(room, replying)?.text ?? replying.text;
}

/**
 * @param {import('../types.js').RoomState} room
 * @param {import('../ui.js').Replying} replying
 */
function messageOf({ messages }, { seq }) {
  return messages[indexOf(messages, seq)];
}

/** @param {{by?: import('../types.js').User, text?: string, onCancel: () => void}} props */
function ReplyBar({ by, text, onCancel }) {
  return html`<div class="reply-bar">
    <${Icon} name="corner-up-left" />
    <div class="reply-words"><strong><bdi>${by ? t('composer.replying', { name: by.name }) : t('message.reply')}</bdi></strong><span
      dir="auto">${text === '' ? t('composer.quoteGone') : text ?? t('composer.quoteFar')}</span></div>
    <button class="icon-button" type="button" onClick=${onCancel} aria-label=${t('composer.cancelReply')}
      title=${t('composer.cancelReply')}><${Icon} name="x" /></button>
  </div>`;
}

/** @param {{left: number}} props   bytes */
function Limit({ left }) {
  const words = left >= 0 ? t('composer.left', { n: left }) : t('composer.over', { n: -left });
  return html`<p class=${left >= 0 ? 'composer-limit' : 'composer-limit is-over'} role="status">${words}</p>`;
}

/**
 * Take in at the caret what others hand over: an emoji, a name to mention.
 *
 * @param {import('../ui.js').Ui} ui
 * @param {{current: HTMLTextAreaElement|null}} field
 */
function useInsertion(ui, field) {
  const { value: insertion } = ui.insertion;
  useEffect(() => {
    if (!insertion || !field.current) return;
    replaceText(field.current, insertion.text);
    ui.insertion.value = null;
  }, [insertion]);
}

/** @param {import('../ui.js').Ui} ui */
function insert(ui) {
  return (/** @type {string} */ text) => {
    ui.close();
    ui.insertion.value = { text };
  };
}

/**
 * @param {import('../ui.js').Ui} ui
 * @param {import('../types.js').RoomState} room
 * @param {number} you
 * @param {KeyboardEvent} event
 */
function editLast(ui, room, you, event) {
  const last = [...room.messages].reverse().find(({ by, removed }) => by.id === you && !removed);
  if (!last) return;
  event.preventDefault();
  ui.editing.value = { room: room.room.id, seq: last.seq };
}
