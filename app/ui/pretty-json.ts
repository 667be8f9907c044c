const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Lays JSON text out on lines, changing nothing but the space between its tokens: long numbers, key order and escapes
 * stay as they were sent, which parsing and printing again would not keep.
 * @returns the text as it is if it is not JSON (an ESP's HTML error page, an answer that was cut off)
 */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  let depth = 0;
  let lines = "";
  const newLine = () => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(TOKEN) ?? [];
  tokens.forEach((token, i) => {
    if (token === "}" || token === "]") {
      depth--;
      lines += isOpening(tokens[i - 1]) ? token : newLine() + token;
    } else if (isOpening(token)) {
      depth++;
      lines += token + (isClosing(tokens[i + 1]) ? "" : newLine());
    } else if (token === ",") lines += token + newLine();
    else lines += token === ":" ? ": " : token;
  });
  return lines;
}

const isOpening = (token: string | undefined) => token === "{" || token === "[";
const isClosing = (token: string | undefined) => token === "}" || token === "]";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
