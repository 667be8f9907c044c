/** A part of a text as it is written, for LIKE: Prisma hands `%` and `_` to it as they are. */
export function literally(part: string): string {
  return part.trim().replace(/[\\%_]/g, "\\$&");
}

/** Prisma's filter for text that has this in it, whatever the case. */
export function containing(part: string) {
  return { contains: literally(part), mode: "insensitive" } as const;
}
