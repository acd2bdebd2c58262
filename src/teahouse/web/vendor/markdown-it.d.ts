// For tsc alone: the types of what bin/vendor copied here are those of its npm package.
export { default } from 'markdown-it';
