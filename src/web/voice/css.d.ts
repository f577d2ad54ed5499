/** Styles beside a view are part of the page's. */
declare module '*.css';
