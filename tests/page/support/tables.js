/** The tables that the page's tests and the server's read. */
import { readFileSync } from 'node:fs';

/**
 * The rows of one, each its cells with what is escaped in them.
 *
 * @param {string} name
 * @returns {string[][]}
 */
export function rowsOf(name) {
  const lines = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').trimEnd().split('\n');
  return lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t').map(unescaped));
}

/** @param {string} cell */
function unescaped(cell) {
  const characters = cell.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g, (_, four, eight) => String.fromCodePoint(parseInt(four || eight, 16)));
  return characters.replaceAll('\\n', '\n');
}
