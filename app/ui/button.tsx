import { Button as PolarisButton } from "@shopify/polaris";

type Weight = "primary" | "normal" | "destructive";

/** Does something (`onPress`, or sends the form it stands in), or leads somewhere (`to`). One primary button a page. */
export function Button({
  children,
  weight = "normal",
  to,
  submit = false,
  busy = false,
  disabled = false,
  onPress,
}: {
  children: string;
  weight?: Weight;
  to?: string;
  submit?: boolean;
  busy?: boolean;
  disabled?: boolean;
  onPress?: () => void;
}) {
  return (
    <PolarisButton
      {...(weight === "primary" ? { variant: "primary" as const } : {})}
      {...(weight === "destructive" ? { tone: "critical" as const } : {})}
      {...(to === undefined ? {} : { url: to })}
      {...(onPress ? { onClick: onPress } : {})}
      submit={submit}
      loading={busy}
      disabled={disabled}
    >
      {children}
    </PolarisButton>
  );
}
