/** Vectors of texts that were asked for lately, by the text itself. The one unused for longest goes first. */

export type Vector = Float32Array;

export type VectorCache = {
  get(text: string): Vector | undefined;
  set(text: string, vector: Vector): void;
};

export function createVectorCache({ maxTexts }: { readonly maxTexts: number }): VectorCache {
  /** In the order of their last use. */
  const vectors = new Map<string, Vector>();
  return {
    get(text) {
      const vector = vectors.get(text);
      if (vector === undefined) return undefined;
      vectors.delete(text);
      vectors.set(text, vector);
      return vector;
    },
    set(text, vector) {
      vectors.delete(text);
      vectors.set(text, vector);
      const [oldest] = vectors.keys();
      if (vectors.size > maxTexts && oldest !== undefined) vectors.delete(oldest);
    },
  };
}
