import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** The simulator's own certificate authority and one certificate for every host name it answers for. */
interface Certificates {
  caPem: string;
  key: string;
  cert: string;
}

const HOSTS = ["admin.shopify.com", "cdn.shopify.com", "*.shopify.com", "*.myshopify.com", "localhost"];
const FILE = "simulator-tls.json";

/** Reads the certificates kept in the folder, or makes them (0.1 s) so that a restarted simulator is still trusted. */
export async function loadCertificates(folder: string): Promise<Certificates> {
  const file = join(folder, FILE);
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Certificates & { until: number };
    if (kept.until > Date.now()) return kept;
  }
  const made = await makeCertificates();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...made, until: Date.now() + 300 * 24 * 3_600_000 }));
  chmodSync(file, 0o600);
  return made;
}

async function makeCertificates(): Promise<Certificates> {
  const common = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;
  const ca = await generate([{ name: "commonName", value: "Passalong simulator CA" }], {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: "commonName", value: "simulated Shopify" }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: HOSTS.map((value) => ({ type: 2, value }) as const) },
    ],
  });
  return { caPem: ca.cert, key: leaf.private, cert: leaf.cert };
}
