import { invalid, invalidParameter, notFound } from "#tests/simulator/klaviyo/refusal.ts";
import { array, nullable, object, oneOf, text } from "#tests/simulator/klaviyo/shape.ts";
import type { List } from "#tests/simulator/klaviyo/state.ts";
import { addList } from "#tests/simulator/klaviyo/store.ts";
import { type Answer, type Call, page, readFilter } from "./call.ts";
import { listResource } from "./resources.ts";

/** Pages of at most 10; `links.next` is absolute. */
export function getLists(call: Call): Answer {
  const filter = readFilter(call, ["id", "name"]);
  const lists = [...call.account.lists.values()].filter(
    (list) => !filter || filter.values.includes(filter.field === "id" ? list.id : list.name),
  );
  const { items, links } = page(call, sorted(call, lists), { standard: 10, max: 10 });
  return { status: 200, body: { data: items.map((list) => listResource(call, list)), links } };
}

function sorted(call: Call, lists: List[]): List[] {
  const sort = call.query.get("sort");
  if (sort === null) return lists;
  const field = (["id", "name", "created", "updated"] as const).find((name) => name === sort.replace(/^-/, ""));
  if (!field) throw invalidParameter(`'${sort}' is not a valid sort field.`, "sort");
  const order = sort.startsWith("-") ? -1 : 1;
  return lists.sort((a, b) => order * a[field].localeCompare(b[field]));
}

export function getList(call: Call): Answer {
  const list = findList(call, call.id, "/data/id");
  return { status: 200, body: { data: listResource(call, list), links: { self: `${call.origin}${call.path}` } } };
}

const listCreate = object(
  "request-data",
  {
    data: object(
      "list",
      {
        type: oneOf("list"),
        attributes: object(
          "list",
          { name: text({ min: 1 }) },
          { opt_in_process: nullable(oneOf("double_opt_in", "single_opt_in")) },
        ),
      },
      {},
    ),
  },
  {},
);

export function createList(call: Call): Answer {
  const { name, opt_in_process } = listCreate(call.body, "").data.attributes;
  const list = addList(call.account, name, opt_in_process ?? "double_opt_in", call.at);
  return { status: 201, body: { data: listResource(call, list) } };
}

const members = object(
  "request-data",
  {
    data: array(object("profile", { type: oneOf("profile"), id: text({ min: 1 }) }, {}), { max: 1000 }),
  },
  {},
);

/** Adds profiles without changing their consent; at most 1,000, by Klaviyo's own profile ids. */
export function addMembers(call: Call): Answer {
  const list = findList(call, call.id, "/data/id");
  for (const id of memberIds(call)) list.members.set(id, call.at.toISOString());
  list.updated = call.at.toISOString();
  return { status: 204 };
}

/** Takes profiles off the list; their consent stays as it is. */
export function removeMembers(call: Call): Answer {
  const list = findList(call, call.id, "/data/id");
  for (const id of memberIds(call)) list.members.delete(id);
  list.updated = call.at.toISOString();
  return { status: 204 };
}

function memberIds(call: Call): string[] {
  const { data } = members(call.body, "");
  if (data.length === 0) throw invalid("At least one profile is required.", "/data");
  return data.map(({ id }, index) => {
    if (!call.account.profiles.has(id)) throw notFound("profile", id, `/data/${index}/id`);
    return id;
  });
}

/** @throws Refusal 404 that names the list */
export function findList(call: Call, id: string, pointer: string): List {
  const list = call.account.lists.get(id);
  if (!list) throw notFound("list", id, pointer);
  return list;
}
