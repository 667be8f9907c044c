import { Text } from "@shopify/polaris";

/** Says aloud, politely, what is seen to have changed. It has to be there before it changes. */
export function Announcement({ children }: { children: string }) {
  return (
    <div role="status">
      <Text as="span" visuallyHidden>
        {children}
      </Text>
    </div>
  );
}
