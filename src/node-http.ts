/**
 * Node's HTTP server. Import no value of `node:http` anywhere else: an `import` looks at all that it exports, which loads the client as well,
 * undici and HTTP/2; an idle server has 3 MB more then. Types cost nothing.
 */
export const nodeHttp = process.getBuiltinModule('node:http');
