import { uuid } from "./ids.ts";
import type { Json, JsonObject } from "./json.ts";

/** One entry of a JSON:API `errors` array, with the fields that are seen live. */
export type Problem = {
  status: number;
  code: string;
  title: string;
  detail: string;
  source?: { pointer: string } | { parameter: string };
  meta?: JsonObject;
};

/** Thrown by whatever finds a request unacceptable; the API answers it with the first problem's status. */
export class Refusal extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map((problem) => problem.detail).join(" "));
    this.problems = problems;
  }
}

/** 400 about one place in the body, `pointer` as in JSON Pointer (`/data/attributes/email`). */
export function invalid(detail: string, pointer: string): Refusal {
  return new Refusal([{ status: 400, code: "invalid", title: "Invalid input.", detail, source: { pointer } }]);
}

/** 400 about one query parameter or header. */
export function invalidParameter(detail: string, parameter: string): Refusal {
  return new Refusal([{ status: 400, code: "invalid", title: "Invalid input.", detail, source: { parameter } }]);
}

/** 404 with the vendor's words for a missing object. */
export function notFound(resource: string, id: string, pointer = "/data/"): Refusal {
  const detail = `A ${resource} with id ${id} does not exist.`;
  return new Refusal([{ status: 404, code: "not_found", title: "Not found.", detail, source: { pointer } }]);
}

/** 501: Klaviyo can do it, the stand-in cannot. Better loud than a pretended success. */
export function unsimulated(what: string): Refusal {
  const detail = `The simulated Klaviyo does not know ${what}: add it to tests/simulator/klaviyo.`;
  return new Refusal([{ status: 501, code: "not_simulated", title: "Not simulated.", detail }]);
}

/** A refusal that is about neither a place in the body nor a parameter. */
export function refusal(status: number, code: string, title: string, detail: string): Refusal {
  return new Refusal([{ status, code, title, detail, source: { pointer: "/data/" } }]);
}

/** The body of an error answer. */
export function errorBody(problems: Problem[]): Json {
  return {
    errors: problems.map(({ status, code, title, detail, source, meta }) => ({
      id: uuid(),
      status,
      code,
      title,
      detail,
      source: source ?? {},
      links: {},
      meta: meta ?? {},
    })),
  };
}
