/** Agents on the wire: Parlant's shape. */
import { z } from 'zod';

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable().meta({ description: 'For operators; customers read null.' }),
    max_engine_iterations: z.int(),
    composition_mode: z.enum(['fluid', 'canned_fluid', 'composited_canned', 'strict_canned']),
    message_output_mode: z.enum(['block', 'stream']),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Agent' });
