/** What an expression comes to. What is not there is undefined until somebody needs a value. */
import { applyFilter } from './filters.ts';
import { compare } from './numbers.ts';
import { holds } from './predicates.ts';
import type { BinaryOperator, ComparisonOperator, Expression } from './syntax.ts';
import {
  demandFinite,
  demandNumber,
  demandValue,
  isIn,
  isList,
  isSame,
  isTrue,
  memberOf,
  toText,
  type Value,
} from './values.ts';
import { RenderFailure, type Work } from './work.ts';

/** What names stand for. */
export type Scope = {
  /** Undefined: nothing of that name. */
  read(name: string): Value;
  readonly work: Work;
};

/** Throws `MissingValue`, `RenderFailure`. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { work } = scope;
  work.step();
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map((item) => evaluate(item, scope) ?? null);
    case 'name':
      return scope.read(expression.name);
    case 'member':
      return memberOf(evaluate(expression.of, scope), evaluate(expression.key, scope));
    case 'range':
      return toRange(
        expression.args.map((arg) => demandNumber(evaluate(arg, scope))),
        work,
      );
    case 'filter':
      return applyFilter(expression.name, {
        value: evaluate(expression.of, scope),
        args: expression.args.map((arg) => arg && evaluate(arg, scope)),
        work,
      });
    case 'predicate':
      return evaluatePredicate(expression, scope);
    case 'unary':
      return evaluateUnary(expression, scope);
    case 'binary':
      return evaluateBinary(expression, scope);
    case 'comparison':
      return evaluateComparison(expression, scope);
    default:
      if (isTrue(evaluate(expression.test, scope), work)) return evaluate(expression.value, scope);
      return expression.otherwise ? evaluate(expression.otherwise, scope) : '';
  }
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

function evaluatePredicate({ name, of, args, isNegated }: Of<'predicate'>, scope: Scope): boolean {
  const [other] = args;
  const value = evaluate(of, scope);
  const doesHold = holds(name, { value, other: other && evaluate(other, scope), work: scope.work });
  return doesHold !== isNegated;
}

function evaluateUnary({ operator, of }: Of<'unary'>, scope: Scope): Value {
  const value = evaluate(of, scope);
  if (operator === 'not') return !isTrue(value, scope.work);
  const number = demandNumber(value);
  return operator === '-' ? -number : number;
}

function evaluateBinary({ operator, left, right }: Of<'binary'>, scope: Scope): Value {
  const { work } = scope;
  const first = evaluate(left, scope);
  if (operator === 'or') return isTrue(first, work) ? first : evaluate(right, scope);
  if (operator === 'and') return isTrue(first, work) ? evaluate(right, scope) : first;
  const second = evaluate(right, scope);
  if (operator === '~') return toText(first, work) + toText(second, work);
  if (operator === '+') return add(demandValue(first), demandValue(second), work);
  return demandFinite(calculate(operator, demandNumber(first), demandNumber(second)));
}

function add(left: NonNullable<Value>, right: NonNullable<Value>, work: Work): Value {
  if (typeof left === 'string' && typeof right === 'string') return toText(left, work) + toText(right, work);
  if (isList(left) && isList(right)) {
    work.step(left.length + right.length);
    return [...left, ...right];
  }
  return demandFinite(demandNumber(left) + demandNumber(right));
}

type Calculation = Exclude<BinaryOperator, 'or' | 'and' | '~' | '+'>;

/** Division rounds down, and the rest has the sign of the divisor, as in Python. */
function calculate(operator: Calculation, left: number, right: number): number {
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (right === 0) throw new RenderFailure('it divides by zero');
  if (operator === '/') return left / right;
  const whole = Math.floor(left / right);
  return operator === '//' ? whole : left - whole * right;
}

function evaluateComparison({ first, rest }: Of<'comparison'>, scope: Scope): boolean {
  let left = evaluate(first, scope);
  for (const { operator, right: expression } of rest) {
    const right = evaluate(expression, scope);
    if (!holdsBetween(operator, { left, right, work: scope.work })) return false;
    left = right;
  }
  return true;
}

type Sides = { readonly left: Value; readonly right: Value; readonly work: Work };

/** Whether the comparison holds. */
function holdsBetween(operator: ComparisonOperator, { left, right, work }: Sides): boolean {
  if (operator === '==') return isSame(left, right, work);
  if (operator === '!=') return !isSame(left, right, work);
  if (operator === 'in') return isIn(left, right, work);
  if (operator === 'not in') return !isIn(left, right, work);
  const order = compare(demandValue(left), demandValue(right));
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

/** As Python's: from 0, up to and without the end. */
function toRange(numbers: readonly number[], work: Work): readonly number[] {
  const [start, end, by] = numbers.length === 1 ? [0, numbers[0], 1] : numbers;
  const step = by ?? 1;
  if (start === undefined || end === undefined || step === 0) throw new RenderFailure('range needs a step');
  const length = Math.max(Math.ceil((end - start) / step), 0);
  work.step(length);
  return Array.from({ length }, (_, index) => start + index * step);
}
