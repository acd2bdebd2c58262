/** htm bound to Preact: `html` templates become vnodes. Values are always text or properties, never markup. */
import htm from './vendor/htm.js';
import { h } from './vendor/preact.js';

export const html = htm.bind(h);
