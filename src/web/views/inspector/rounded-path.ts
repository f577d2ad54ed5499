/** A line through points with round corners, as `d` of an SVG path. */
import type { Point } from '../../wire.ts';

const RADIUS = 7;

export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  return `M${first.x} ${first.y}${rest.map((point, index) => corner(points[index], point, rest[index + 1])).join('')}`;
}

/** To a point: straight where the line ends there, else around it. */
function corner(before: Point | undefined, at: Point, after: Point | undefined): string {
  if (!before || !after) return `L${at.x} ${at.y}`;
  const enter = towards(at, before);
  const leave = towards(at, after);
  return `L${enter.x} ${enter.y}Q${at.x} ${at.y} ${leave.x} ${leave.y}`;
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
