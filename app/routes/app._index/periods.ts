/** The periods that the numbers can be about, in days that end today. */
export const lengths = ["7", "30", "90", "365"] as const;
export type Length = (typeof lengths)[number];
