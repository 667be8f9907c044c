/** Admin pages answer 410 to what looks like a robot, and so to Node's own name: scripts come as a browser. */
export const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
