/**
 * What is thrown by LiveKit's own library, in our words. It reads an error's body only under exactly `application/json`, so a `code`
 * may be missing where there is one: status and text are looked at as well.
 */
import { ServerError } from 'livekit-server-sdk';
import { RoomsError, type RoomsFault } from '../voice-rooms.ts';

const MESSAGE_CHARS = 300;

export function toRoomsError(error: unknown): RoomsError {
  const message = messageOf(error);
  const fault = faultOf(error);
  return new RoomsError(fault, `LiveKit: ${message.slice(0, MESSAGE_CHARS)}`, { cause: error });
}

/** `fetch failed` alone says nothing: why stands behind it, such as ECONNREFUSED. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const hasCode = error instanceof TypeError && cause instanceof Error && 'code' in cause;
  return hasCode ? `${message} (${String(cause.code)})` : message;
}

function faultOf(error: unknown): RoomsFault {
  if (error instanceof ServerError) {
    if (error.status === 401 || error.status === 403) return 'livekit_auth';
    return error.status < 500 ? 'livekit_rejected' : 'livekit_unavailable';
  }
  if (error instanceof Error && error.name === 'TimeoutError') return 'livekit_timeout';
  if (error instanceof TypeError) return 'livekit_unreachable';
  // An answer that is none of LiveKit's: a proxy in between, say.
  return 'livekit_unavailable';
}

/** There is no such room, dispatch or whatever was asked for. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ServerError && (error.code === 'not_found' || error.status === 404);
}

/** Older servers, and LiveKit Cloud, refuse to make what is there. */
export function isThereAlready(error: unknown): boolean {
  if (!(error instanceof ServerError)) return false;
  return error.code === 'already_exists' || error.status === 409 || /already[ _]exists/i.test(error.message);
}
