import type { Prisma } from "@prisma/client";
import { containing } from "#app/lib/like.ts";

/** People with that in their name or address; several words must all be found. */
export function personNamed(search: string): Prisma.PersonWhereInput {
  const words = search.trim().split(/\s+/);
  return {
    AND: words.map((word) => ({
      OR: [{ email: containing(word) }, { firstName: containing(word) }, { lastName: containing(word) }],
    })),
  };
}
