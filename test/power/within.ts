/** Whether `work` ends within `ms`; if not, it is left to itself. */
export function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<false>((done) => {
    late = setTimeout(() => done(false), ms);
  });
  return Promise.race([work.then(() => true), never]).finally(() => clearTimeout(late));
}
