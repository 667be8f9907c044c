/**
 * Does the same for each of them, one after the other; one that fails does not keep the others waiting.
 * @throws AggregateError afterwards, when some failed
 */
export async function tryAll<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `failed for ${failures.length} of ${items.length}`);
}
