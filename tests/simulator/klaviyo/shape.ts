/**
 * Readers check one value of a request body and return it typed, or throw a Refusal whose pointers name every bad place.
 * The wording of "required" and "not a valid field" is Klaviyo's own (verbb/formie#1986, klaviyo-api-node#67).
 */
import { isObject, type JsonObject } from "./json.ts";
import { invalid, type Problem, Refusal, unsimulated } from "./refusal.ts";

export type Reader<T> = (value: unknown, pointer: string) => T;
export type ReadOf<R> = R extends Reader<infer T> ? T : never;

type Fields = Record<string, Reader<unknown>>;
type ObjectOf<R extends Fields, O extends Fields> = { [K in keyof R]: ReadOf<R[K]> } & {
  [K in keyof O]?: ReadOf<O[K]>;
};

/** An object with exactly these fields. `resource` is the name that Klaviyo's messages give it. */
export function object<R extends Fields, O extends Fields>(
  resource: string,
  required: R,
  optional: O,
): Reader<ObjectOf<R, O>> {
  return (value, pointer) => {
    if (!isObject(value)) throw invalid(`Expected an object for the resource '${resource}'.`, pointer);
    const problems: Problem[] = [];
    const read: Record<string, unknown> = {};
    for (const name in required) {
      if (value[name] === undefined) {
        collect(problems, () => {
          throw invalid(`'${name}' is a required field for the resource '${resource}'.`, `${pointer}/${name}`);
        });
      }
    }
    for (const name in value) {
      collect(problems, () => {
        const reader = required[name] ?? optional[name];
        if (!reader)
          throw invalid(`'${name}' is not a valid field for the resource '${resource}'.`, `${pointer}/${name}`);
        read[name] = reader(value[name], `${pointer}/${name}`);
      });
    }
    if (problems.length > 0) throw new Refusal(problems);
    return read as ObjectOf<R, O>;
  };
}

/** An array whose items are all read; the problems of all bad items are reported together. */
export function array<T>(item: Reader<T>, limits: { max?: number } = {}): Reader<T[]> {
  return (value, pointer) => {
    if (!Array.isArray(value)) throw invalid("Expected an array.", pointer);
    if (limits.max !== undefined && value.length > limits.max) {
      throw invalid(`The number of items must not exceed ${limits.max}.`, pointer);
    }
    const problems: Problem[] = [];
    const read: T[] = [];
    value.forEach((entry, index) => {
      collect(problems, () => read.push(item(entry, `${pointer}/${index}`)));
    });
    if (problems.length > 0) throw new Refusal(problems);
    return read;
  };
}

function collect(problems: Problem[], attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problems.push(...error.problems);
  }
}

/** Lets `null` through: in profiles it clears the field. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, pointer) => (value === null ? null : reader(value, pointer));
}

/** A string of `min` to `max` characters. */
export function text(limits: { min?: number; max?: number } = {}): Reader<string> {
  return (value, pointer) => {
    if (typeof value !== "string") throw invalid("Not a valid string.", pointer);
    if (value.length < (limits.min ?? 0)) throw invalid("This field may not be blank.", pointer);
    if (limits.max !== undefined && value.length > limits.max) {
      throw invalid(`Ensure this field has no more than ${limits.max} characters.`, pointer);
    }
    return value;
  };
}

/** One of a closed set of strings: enum values and JSON:API types. */
export function oneOf<const T extends string>(...values: T[]): Reader<T> {
  return (value, pointer) => {
    const match = values.find((candidate) => candidate === value);
    if (match === undefined) throw invalid(`'${String(value)}' is not one of ${values.join(", ")}.`, pointer);
    return match;
  };
}

export const bool: Reader<boolean> = (value, pointer) => {
  if (typeof value !== "boolean") throw invalid("Not a valid boolean.", pointer);
  return value;
};

/** A JSON number; `"9.99"` is refused as Klaviyo refuses it. */
export const number: Reader<number> = (value, pointer) => {
  if (typeof value !== "number") throw invalid("Not a valid number.", pointer);
  return value;
};

/** Any JSON object, unchecked. */
export const json: Reader<JsonObject> = (value, pointer) => {
  if (!isObject(value)) throw invalid("Expected an object.", pointer);
  return value;
};

/** A field that Klaviyo knows and the stand-in does not: any value but null answers 501. */
export function unknownHere(what: string): Reader<null> {
  return (value) => {
    if (value !== null) throw unsimulated(what);
    return null;
  };
}
