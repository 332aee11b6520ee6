"""How the cost of a warm home read grows with the network: the same number of readers, ever more accounts around them.

Each size has a server of its own. Posts grow with the accounts (two each), follows too (the readers' as always, ten for
everybody else), so tables and indexes grow a hundredfold from the first size to the last.
"""

from dataclasses import replace

from bench.client import drive
from bench.measuring import CONNECTIONS, Row, Run, anyone, progress
from bench.server import serving

POSTS_EACH = 2
FOLLOWS_OTHERS = 10
GOAL_GROWTH = 1.3


async def measure(run: Run) -> list[Row]:
    """Two rows for each size, and the growth from the first to the last."""
    rows: list[Row] = []
    costs = run.growth
    for size in run.options.sizes:
        options = replace(run.options, people=size, posts=size * POSTS_EACH, follows_others=FOLLOWS_OTHERS, graph=None)
        async with serving(Run(options=options)) as grown:
            progress(f"reads among {size:,} accounts")
            waiting = iter(grown.home_requests())
            first = drive(grown.stack.port, CONNECTIONS, 600, lambda waiting=waiting: next(waiting, None))
            rows.append(await grown.measure(f"home, first read of each, {size:,} accounts", first))
            await drive(grown.stack.port, CONNECTIONS, 2.0, anyone(grown.fresh_requests(), 1))
            warm = drive(grown.stack.port, CONNECTIONS, options.seconds, anyone(grown.fresh_requests(), 2))
            rows.append(await grown.measure(f"home, warm, {size:,} accounts", warm))
            costs[size] = dict(rows[-1].cpu_ms)
    first_cost, last_cost = (sum(costs[size].values()) for size in (min(costs), max(costs)))
    growth = last_cost / first_cost
    rows[-1] = replace(
        rows[-1],
        notes=f"{rows[-1].notes}{growth:.2f} times the CPU of {min(costs):,} accounts",
        goal=f"< {GOAL_GROWTH} ×",
        met=growth < GOAL_GROWTH,
    )
    return rows
