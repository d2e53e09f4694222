// What is different between two texts, line by line.

const TOO_MANY = 2_000_000; // comparisons: above that the middle is shown as replaced

/**
 * Compares two lists of lines. Answers [{mark, text}] where the mark is ' ' for a
 * line of both, '-' for one that is gone and '+' for one that is new.
 */
export function diffLines(before, after) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const same = (lines) => lines.map((text) => ({ mark: ' ', text }));
  return [
    ...same(before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

// The longest common subsequence of what is between equal beginnings and ends.
function middle(before, after) {
  const gone = (text) => ({ mark: '-', text });
  const fresh = (text) => ({ mark: '+', text });
  if (before.length * after.length > TOO_MANY) return [...before.map(gone), ...after.map(fresh)];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const out = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      out.push({ mark: ' ', text: before[i] });
      i += 1;
      j += 1;
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
      out.push(gone(before[i]));
      i += 1;
    } else {
      out.push(fresh(after[j]));
      j += 1;
    }
  }
  return [...out, ...before.slice(i).map(gone), ...after.slice(j).map(fresh)];
}

/** The same with long equal stretches folded: {mark: '…', text: '12 lines'}. */
export function folded(lines, around = 2) {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.mark !== ' '),
  );
  const out = [];
  let hidden = 0;
  const flush = () => {
    if (hidden > 0) out.push({ mark: '…', text: `${hidden} line${hidden === 1 ? '' : 's'}` });
    hidden = 0;
  };
  lines.forEach((line, at) => {
    if (!near[at]) {
      hidden += 1;
      return;
    }
    flush();
    out.push(line);
  });
  flush();
  return out;
}
