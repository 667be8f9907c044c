import { describe, expect, it } from "vitest";
import { withoutUnused } from "./polaris-styles.ts";

const used = new Set(["Polaris-Button", "Polaris-Button--plain"]);
const left = (css: string) => withoutUnused(css, used).replaceAll(/\s+/g, "");

describe("Polaris' styles", () => {
  it("keep what is for every page, and what components that are used can look like", () => {
    const css =
      "html{color:red}.Polaris-Button.Polaris-Button--plain:hover{color:blue}@keyframes turn{to{rotate:1turn}}";
    expect(left(css)).toBe(css.replaceAll(" ", ""));
  });

  it("lose what only other components look like, alone or around one that is used", () => {
    expect(left(".Polaris-Tabs{color:red}.Polaris-Tabs .Polaris-Button{color:blue}")).toBe("");
    expect(left(".Polaris-Tabs,.Polaris-Button{color:red}")).toBe(".Polaris-Button{color:red}");
    expect(left("@media print{.Polaris-Tabs{color:red}}")).toBe("");
  });

  it("keep what is so unless another component is there", () => {
    const css = ".Polaris-Button:not(.Polaris-Tabs){color:red}";
    expect(left(css)).toBe(css);
  });
});
