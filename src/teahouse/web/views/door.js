/** The way in: a face, a name, and the dice for those who cannot decide. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { language, refusalWords, t } from '../i18n.js';
import { recall, remember } from '../preferences.js';
import { useHouse } from '../ui.js';
import { useEffect, useRef, useState } from '../vendor/hooks.js';
import { Ended } from './ended.js';
import { faceUrl } from './face.js';
import { Icon } from './icon.js';
import { LanguageChoice, ThemeChoice } from './menu.js';

const NO_FACES = /** @type {string[]} */ ([]);
/** The robot's; people may not take it. */
const ROBOT_FACE = 'birdie';

/** Who came in here last. @type {{name: string, face: string}|null} */
const KNOWN = recall('identity', null);

export function Door() {
  const { store, ui } = useHouse();
  const house = store.house.value;
  const faces = house ? house.faces.filter((face) => face !== ROBOT_FACE) : NO_FACES;
  const [name, setName] = useState(KNOWN ? KNOWN.name : '');
  const [face, setFace] = useFace(faces);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const isFull = Boolean(house?.closed && !ui.keys.owner);
  const isClosed = Boolean(house && !house.open && !ui.keys.invite && !ui.keys.owner);
  const roll = useDice(name, setName);
  const { status } = store.link.value;
  const isCutOff = busy && (status === 'waiting' || status === 'offline');
  const words = trouble || (isCutOff && refusalWords({ code: 'disconnected' })) || (isFull && t('refused.house_closed')) || (isClosed && t('signin.closed')) || '';

  const enter = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const who = { name: name.trim(), face };
    setBusy(true);
    setTrouble('');
    try {
      await store.signIn({ ...who, invite: ui.keys.invite, ownerKey: ui.keys.owner });
      remember('identity', who);
      ui.forgetKeys();
    } catch (refusal) {
      setTrouble(refusalWords(/** @type {any} */ (refusal)));
      setBusy(false);
    }
  };

  return html`<main class="door">
    <${Ended} />
    <form class="door-card" onSubmit=${enter}>
      <header class="door-head">
        <img class="logo" src=${new URL('../logo.svg', import.meta.url).href} alt="" width="56" height="56" />
        <h1>${t('signin.title')}</h1>
        <p>${ui.keys.owner ? t('signin.owner') : ui.keys.invite ? t('signin.invited') : t('signin.lead')}</p>
      </header>
      <div class="door-you">
        <span class="door-face">${face && html`<img src=${faceUrl(face)} alt="" width="96" height="96" />`}</span>
        <div class="door-name">
          <label for="name">${t('signin.name')}</label>
          <div class="door-name-line">
            <input class="input" id="name" name="name" dir="auto" required autocomplete="nickname"
              maxlength=${house ? house.limits.max_name_chars : 40} value=${name} readOnly=${busy}
              aria-invalid=${trouble !== ''} aria-describedby="trouble" onInput=${into(setName)} />
            <button class="icon-button dice" type="button" onClick=${roll} aria-label=${t('signin.dice')}
              title=${t('signin.dice')}><${Icon} name="dices" /></button>
          </div>
        </div>
      </div>
      <${Faces} faces=${faces} face=${face} onChoose=${setFace} />
      <p class="trouble" id="trouble" role="alert">${words}</p>
      <button class="button is-large" type="submit" disabled=${busy || !face || name.trim() === ''}>
        ${busy ? t('signin.entering') : t('signin.enter')}
      </button>
      <p class="hint">${t(navigator.cookieEnabled ? 'signin.promise' : 'signin.cookies')}</p>
    </form>
    <footer class="door-foot"><${LanguageChoice} /><${ThemeChoice} /></footer>
  </main>`;
}

/** @param {{faces: string[], face: string, onChoose: (face: string) => void}} props */
function Faces({ faces, face, onChoose }) {
  return html`<fieldset class="faces">
    <legend>${t('signin.face')}</legend>
    <div class="faces-grid">
      ${faces.map((one, index) => html`<label key=${one} class="faces-one">
        <input class="visually-hidden" type="radio" name="face" value=${one} checked=${one === face} onChange=${() => onChoose(one)}
          aria-label=${t('signin.faceNumber', { n: index + 1 })} />
        <img src=${faceUrl(one)} alt="" width="56" height="56" loading="lazy" draggable=${false} />
      </label>`)}
    </div>
  </fieldset>`;
}

/**
 * The face of last time, else any.
 *
 * @param {string[]} faces
 * @returns {[string, (face: string) => void]}
 */
function useFace(faces) {
  const [face, setFace] = useState('');
  useEffect(() => {
    if (faces.length === 0) return;
    setFace(KNOWN && faces.includes(KNOWN.face) ? KNOWN.face : faces[Math.floor(Math.random() * faces.length)]);
  }, [faces.length]);
  return [face, setFace];
}

/**
 * A random name of the page's language; the first one comes by itself, and again in the other language while nobody wrote
 * one of their own.
 *
 * @param {string} name
 * @param {(name: string) => void} setName
 */
function useDice(name, setName) {
  const { api, ui } = useHouse();
  const rolled = useRef('');
  const written = useRef(name);
  written.current = name;
  const isOwn = () => written.current !== '' && written.current !== rolled.current;
  const roll = async () => {
    const before = written.current;
    const drawn = await ui.attempt(api.nickname(language.value));
    if (!drawn || (written.current !== before && isOwn())) return;
    rolled.current = drawn;
    setName(drawn);
  };
  useEffect(() => {
    if (!isOwn()) roll();
  }, [language.value]);
  return roll;
}
