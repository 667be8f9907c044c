import type { Consent } from "#app/domain/people/record-consent.ts";
import type { AdminClient } from "./client.ts";
import { EmailConsentDocument } from "./operations.generated.ts";

/**
 * Whether a customer of the shop wants marketing by e-mail, as Shopify keeps it:
 * https://shopify.dev/docs/api/admin-graphql/2026-10/enums/CustomerEmailAddressMarketingState
 * @returns null while they decided neither way (never asked, not confirmed), and for somebody the shop does not know
 */
export async function readEmailConsent(admin: AdminClient, gid: string): Promise<Consent["state"] | null> {
  const { customer } = await admin.ask(EmailConsentDocument, { id: gid });
  switch (customer?.defaultEmailAddress?.marketingState) {
    case "SUBSCRIBED":
      return "subscribed";
    case "UNSUBSCRIBED":
      return "unsubscribed";
    default:
      return null;
  }
}
