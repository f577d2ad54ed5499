/** The port to what a LiveKit server tells of its rooms by itself: who came and went. Whether an agent is ready it cannot know. */

export type RoomNews = {
  readonly roomName: string;
  readonly change:
    | { readonly type: 'agent.joined' | 'agent.left'; readonly timestamp: string }
    /** The worker's job failed. */
    | { readonly type: 'agent.failed'; readonly timestamp: string; readonly message: string }
    | { readonly type: 'room.finished' }
    /** Somebody else came or went. */
    | { readonly type: 'people.changed' };
};

export interface Webhooks {
  /**
   * Reads what was posted, undefined where it concerns nobody here. Throws `BadWebhookSignatureError`. Deliveries may repeat and overtake
   * each other: what a session makes of them must not depend on it.
   */
  read(body: string, authorization: string | undefined): Promise<RoomNews | undefined>;
}
