/** A new room: its name, its topic, who may find it. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { enterRoom } from './enter_room.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';

/** @param {{onClose: () => void}} props */
export function CreateRoom({ onClose }) {
  const { store, ui } = useHouse();
  const { limits } = store.state.value;
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [kind, setKind] = useState(/** @type {'public'|'private'} */ ('public'));
  const [busy, setBusy] = useState(false);

  const create = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await enterRoom(store, ui, store.createRoom({ kind, name: name.trim(), topic: topic.trim() }));
    setBusy(false);
  };
  return html`<${Overlay} label=${t('create.title')} title=${t('create.title')} onClose=${onClose}>
    <form class="fields" onSubmit=${create}>
      <label class="field"><span>${t('create.name')}</span><input class="input" dir="auto" required maxlength=${limits.max_name_chars}
        value=${name} onInput=${into(setName)} data-autofocus /></label>
      <label class="field"><span>${t('create.topic')} <small>${t('create.optional')}</small></span><input class="input" dir="auto"
        maxlength=${limits.max_topic_chars} value=${topic} onInput=${into(setTopic)} /></label>
      <div class="kinds" role="radiogroup" aria-label=${t('create.title')}>
        <${Kind} kind="public" icon="hash" words=${t('create.public')} hint=${t('create.publicHint')} chosen=${kind} onChoose=${setKind} />
        <${Kind} kind="private" icon="lock" words=${t('create.private')} hint=${t('create.privateHint')} chosen=${kind}
          onChoose=${setKind} />
      </div>
      <div class="panel-buttons"><button class="button" type="submit"
        disabled=${busy || name.trim() === ''}>${t('create.submit')}</button></div>
    </form>
  <//>`;
}

/** @param {{kind: 'public'|'private', icon: string, words: string, hint: string, chosen: string, onChoose: (kind: any) => void}} props */
function Kind({ kind, icon, words, hint, chosen, onChoose }) {
  return html`<label class=${kind === chosen ? 'kind is-chosen' : 'kind'}>
    <input type="radio" name="kind" value=${kind} checked=${kind === chosen} onChange=${() => onChoose(kind)} />
    <${Icon} name=${icon} /><span><strong>${words}</strong><small>${hint}</small></span>
  </label>`;
}
