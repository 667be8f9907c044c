import type { Prisma } from "@prisma/client";

/** Text that has this in it, whatever the case. `%` and `_` are escaped: Prisma hands them to LIKE as they are. */
export function containing(part: string) {
  return { contains: literally(part), mode: "insensitive" } as const;
}

/** For LIKE: the part as it is written. */
export function literally(part: string): string {
  return part.trim().replace(/[\\%_]/g, "\\$&");
}

/** People with that in their name or address; several words must all be found. */
export function personNamed(search: string): Prisma.PersonWhereInput {
  const words = search.trim().split(/\s+/);
  return {
    AND: words.map((word) => ({
      OR: [{ email: containing(word) }, { firstName: containing(word) }, { lastName: containing(word) }],
    })),
  };
}
