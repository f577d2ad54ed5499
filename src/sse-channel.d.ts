/** Types for sse-channel 4.0.2, which brings none: only what we use of it. */
declare module 'sse-channel' {
  /** What the channel needs of a response; a real one fits. */
  export type SseClient = {
    writeHead(status: number, headers: Record<string, string>): unknown;
    write(text: string): unknown;
    end(): unknown;
    on(event: string, listener: () => void): unknown;
  };
  /** What the channel needs of a request. */
  export type SseRequest = {
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly socket: {
      setTimeout(ms: number): unknown;
      setNoDelay(on: boolean): unknown;
      setKeepAlive(on: boolean): unknown;
    };
    on(event: string, listener: () => void): unknown;
  };
  export type SseMessage = {
    readonly id?: number;
    readonly event?: string;
    /** Sent as it is, unless the channel encodes JSON. */
    readonly data?: string;
    readonly retry?: number;
  };

  export default class SseChannel {
    constructor(options?: {
      /** ms */ readonly pingInterval?: number;
      readonly jsonEncode?: boolean;
      readonly historySize?: number;
    });
    addClient(request: SseRequest, client: SseClient): void;
    removeClient(client: SseClient): void;
    send(message: SseMessage, clients: readonly SseClient[]): void;
    /** Tells every client how long to wait before it reconnects, in ms. */
    retry(ms: number): void;
    getConnectionCount(): number;
    /** Ends every client and the ping timer. */
    close(): void;
  }
}
