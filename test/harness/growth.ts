/** The least time of a processor, of three attempts, in microseconds: work of others on this machine is not in it. */
function processorTime(work: () => void): number {
  const attempts = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.max(1, Math.min(...attempts));
}

/**
 * By how much the work grows where there is eight times as much of it: about 8 where it is linear, 64 where each is
 * held against each. `size` is that of the smaller one and should take some milliseconds.
 */
export function growthByEight(size: number, work: (size: number) => void): number {
  work(size);
  return processorTime(() => work(size * 8)) / processorTime(() => work(size));
}
