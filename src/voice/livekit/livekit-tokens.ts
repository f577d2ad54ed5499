/** Tokens to join a room of a LiveKit server: only the user speaks, whoever watches only sees and hears. */
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { JoinRequest, JoinTokens } from '../join-tokens.ts';
import type { LiveKitServer } from './livekit-rooms.ts';

const VALID_S = 600;

export function createLiveKitTokens({ url, apiKey, apiSecret }: LiveKitServer): JoinTokens {
  return {
    url: url.replace(/^http/, 'ws'),
    async sign(request) {
      const { identity, name, role } = request;
      const token = new AccessToken(apiKey, apiSecret, {
        identity,
        name,
        ttl: VALID_S,
        attributes: { role },
      });
      token.addGrant(grantOf(request));
      return token.toJwt();
    },
  };
}

function grantOf({ roomName, role }: JoinRequest): VideoGrant {
  const speaks = role === 'user';
  return {
    roomJoin: true,
    room: roomName,
    canPublish: speaks,
    canSubscribe: true,
    canPublishData: speaks,
    // Else somebody could give themselves another `role`, on which rests what they may see.
    canUpdateOwnMetadata: false,
  };
}
