/** My own card: theme, language, the way out. */
import { html } from '../html.js';
import { chooseLanguage, language, LANGUAGES, t } from '../i18n.js';
import { isKeeper } from '../keepers.js';
import { chooseTheme, theme } from '../preferences.js';
import { detourWords, transportName } from '../road_words.js';
import { useHouse } from '../ui.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';

const THEMES = /** @type {const} */ ([['system', 'monitor'], ['light', 'sun'], ['dark', 'moon']]);

/** @param {{anchor: DOMRect, onClose: () => void}} props */
export function Menu({ anchor, onClose }) {
  const { store, ui } = useHouse();
  const { you } = store.state.value;
  if (!you) return null;
  const signOut = () => ui.open({
    type: 'confirm',
    words: t('menu.signOutSure'),
    yes: t('menu.signOut'),
    danger: true,
    act: () => ui.attempt(ui.signOut()),
  });
  return html`<${Overlay} label=${t('menu.open', { name: you.name })} anchor=${anchor} onClose=${onClose} className="menu">
    <div class="menu-you"><${Face} face=${you.face} /><strong><bdi>${you.name}</bdi></strong></div>
    <${ThemeChoice} />
    <${LanguageChoice} />
    <p class="hint">${t('menu.keys')}</p>
    <${Road} />
    <button class="menu-item" type="button" onClick=${() => ui.open({ type: 'programs' })}><${Icon}
      name="key-round" />${t('programs.title')}</button>
    ${isKeeper(you) && html`<button class="menu-item" type="button" onClick=${() => ui.open({ type: 'keeping' })}><${Icon}
      name="shield" />${t('keeping.title')}</button>`}
    <button class="menu-item is-danger" type="button" onClick=${signOut}><${Icon} name="log-out" />${t('menu.signOut')}</button>
  <//>`;
}

/** Which way the connection goes; while there is none the banner speaks of it. */
function Road() {
  const link = useHouse().store.link.value;
  if (link.status !== 'open') return null;
  return html`<p class="hint menu-road">${t('road.now', { transport: transportName(link) })} ${detourWords(link)}</p>`;
}

export function ThemeChoice() {
  return html`<div class="segments" role="group" aria-label=${t('menu.theme')}>
    ${THEMES.map(([name, icon]) => html`<button key=${name} type="button" aria-pressed=${theme.value === name}
      onClick=${() => chooseTheme(name)}><${Icon} name=${icon} /><span>${t(`menu.${name}`)}</span></button>`)}
  </div>`;
}

export function LanguageChoice() {
  return html`<div class="segments" role="group" aria-label=${t('menu.language')}>
    ${/** @type {('zh'|'en')[]} */ (Object.keys(LANGUAGES)).map((code) => html`<button key=${code} type="button" lang=${code}
      aria-pressed=${language.value === code} onClick=${() => chooseLanguage(code)}>${LANGUAGES[code]}</button>`)}
  </div>`;
}
