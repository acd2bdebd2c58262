// The room of the `signin` door: what its WebSocket says, as elements. Texts only ever become text.
//
// Nothing here remembers: the list comes with every connection, and what was said before it is on the modern page.

/** @typedef {{ id: number, name: string, imageid: string }} Person */
/** @typedef {{ id: number, type: string, user: Person, data: any }} Told */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const UNSIGNED = 4001;
const KEPT_ROWS = 500;

const talk = /** @type {HTMLElement} */ (document.getElementById("talk"));
const people = /** @type {HTMLElement} */ (document.getElementById("people"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const text = /** @type {HTMLInputElement} */ (document.getElementById("text"));

/** @type {Map<number, Person>} */
const here = new Map();
/** @type {WebSocket | null} */
let socket = null;
let waitMs = FIRST_WAIT_MS;

/** @param {string} tag @param {string} words @param {string} [kind] */
function element(tag, words, kind) {
  const made = document.createElement(tag);
  made.textContent = words;
  if (kind) made.className = kind;
  return made;
}

/** @param {Person} person */
function face(person) {
  const image = document.createElement("img");
  image.src = `static/images/${encodeURIComponent(person.imageid)}.jpg`;
  image.alt = "";
  return image;
}

function showPeople() {
  people.replaceChildren(
    ...[...here.values()].map((person) => {
      const row = element("li", "");
      row.append(face(person), element("span", person.name));
      return row;
    }),
  );
}

/** @param {HTMLElement} row */
function add(row) {
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  talk.append(row);
  while (talk.children.length > KEPT_ROWS) talk.firstElementChild?.remove();
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

/** @param {Told} told */
function hear({ type, user, data }) {
  if (type === "chat") {
    const row = element("div", "");
    row.append(face(user), element("b", user.name), element("p", String(data)));
    add(row);
  } else if (type === "list") {
    here.clear();
    for (const person of data) here.set(person.id, person);
    showPeople();
  } else if (type === "join" || type === "left") {
    if (type === "join") here.set(user.id, user);
    else here.delete(user.id);
    showPeople();
    add(element("div", String(data), "notice"));
  }
}

function connect() {
  const address = new URL("chat", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  const opened = (socket = new WebSocket(address));
  opened.onopen = () => {
    waitMs = FIRST_WAIT_MS;
    state.textContent = "";
  };
  opened.onmessage = (event) => hear(JSON.parse(event.data));
  opened.onclose = (event) => {
    if (event.code === UNSIGNED) {
      location.assign("signin");
      return;
    }
    state.textContent = document.body.dataset.lost ?? "";
    setTimeout(connect, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  };
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim() || socket?.readyState !== WebSocket.OPEN) return;
  socket.send(text.value);
  text.value = "";
});

connect();
text.focus();
