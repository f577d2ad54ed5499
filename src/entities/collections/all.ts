/** Every collection, for opening the store. A change of shape is a migration of its collection (`../../documents/collection.ts`). */
import type { AnyCollection } from '../../documents/collection.ts';
import { agentCollection } from './agent.ts';
import { cannedResponseCollection } from './canned-response.ts';
import { capabilityCollection } from './capability.ts';
import { contextValueCollection, contextVariableCollection } from './context-variable.ts';
import { customerCollection } from './customer.ts';
import { guidelineCollection, toolAssociationCollection } from './guideline.ts';
import { journeyCollection, journeyEdgeCollection, journeyNodeCollection } from './journey.ts';
import { relationshipCollection } from './relationship.ts';
import { tagCollection } from './tag.ts';
import { termCollection } from './term.ts';
import { toolServiceCollection } from './tool-service.ts';

export const entityCollections: readonly AnyCollection[] = [
  agentCollection,
  customerCollection,
  tagCollection,
  guidelineCollection,
  toolAssociationCollection,
  relationshipCollection,
  journeyCollection,
  journeyNodeCollection,
  journeyEdgeCollection,
  termCollection,
  contextVariableCollection,
  contextValueCollection,
  capabilityCollection,
  cannedResponseCollection,
  toolServiceCollection,
];
