// For tsc alone: the types of what bin/vendor copied here are those of its npm package.
export * from '@preact/signals-core';
