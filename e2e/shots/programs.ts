/** What the people in the pictures work on. */

export const PRIMES = `"""The first primes, by trial division."""
from itertools import count, islice


def primes():
    found: list[int] = []
    for n in count(2):
        if all(n % p for p in found if p * p <= n):
            found.append(n)
            yield n


if __name__ == "__main__":
    for row in range(4):
        line = islice(primes(), row * 8, row * 8 + 8)
        print("  ".join(f"{p:>4}" for p in line))
`;

export const PRIMES_TEST = `from main import primes


def test_starts_with_two():
    assert next(primes()) == 2
`;

export const LENGTHY = `import time

for batch in range(1, 200):
    print(f"batch {batch}: \\033[32mok\\033[0m", flush=True)
    time.sleep(0.3)
`;

export const FAILING = `def mean(values):
    return sum(values) / len(values)


print("mean of three:", mean([3, 4, 8]))
print("mean of none:", mean([]))
`;
