"""Train what judges links: `python -m bench.moderation.training.urls --data DIR` (two minutes on one core).

Ordinary sites of the set are bare hosts while malicious ones have paths, which says nothing about links that people
post. So each ordinary host, and each that everybody knows, is there a second time with the path of another ordinary
link, and so are the links of ordinary posts.
"""

import argparse
import random
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.moderation.measures import auc, best_threshold
from bench.moderation.tables import CHOOSE, JUDGE, TRAIN, part_of, rows
from bench.moderation.training.fitting import fit, in_buckets, save
from bench.moderation.training.texts import WEIGHTS
from linnet.features.moderation.detectors.addresses import links, parts
from linnet.features.moderation.detectors.hosts import known
from linnet.features.moderation.detectors.urls import BUCKETS_LOG2, buckets

VERSION: Final = "2"
ORDINARY_WEIGHT: Final = 1.0


def main() -> None:
    """Train on a part, say how good on another, train on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    found = rows(data, "urls")
    everything, labels = in_buckets([buckets(parts(row["url"])) for row in found], 1 << BUCKETS_LOG2), column(found)
    group = np.array([part_of(parts(row["url"]).domain) for row in found])
    everyday = in_buckets([buckets(parts(link)) for link in ordinary(data, found)], 1 << BUCKETS_LOG2)
    options: dict[str, Any] = {"by_class": 0.0, "cost": 6, "ordinary": everyday, "ordinary_weight": ORDINARY_WEIGHT}
    seen, chosen, judged = (np.isin(group, part) for part in ((TRAIN,), (CHOOSE,), (JUDGE,)))
    first = fit(everything.only(seen), labels[seen], **options)
    first.calibrate(first.values(everything.only(chosen)), labels[chosen])
    values, truth = first.values(everything.only(judged)).tolist(), labels[judged].tolist()
    print(f"urls: AUC {auc(values, truth):.4f}, best F1 {best_threshold(values, truth)[0]:.4f}")
    print(f"ordinary links over the middle: {np.mean(first.values(everyday) > 0):.4f}")
    whole = fit(everything, labels, **options)
    whole.bias += first.bias - first.fitted_bias
    whole.slope = first.slope
    save(WEIGHTS / "urls.npz", {"malicious": whole}, VERSION)


def column(found: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    """The labels of rows."""
    return np.array([row["label"] for row in found], np.int64)


def ordinary(data: Path, found: list[dict[str, Any]]) -> list[str]:
    """Links that ordinary accounts posted, and ordinary hosts with the paths of other ordinary links."""
    chance = random.Random(7)
    posts = [row["text"] for row in rows(data, "user_timelines") if row["label"] == 0]
    posted = [post[span.start : span.end] for post in posts if "://" in post for span, _ in links(post)]
    paths = [rest for row in found if row["label"] == 0 and (rest := parts(row["url"]).rest)]
    hosts = [row["url"].rstrip("/") for row in found if row["label"] == 0 and not parts(row["url"]).rest]
    everywhere = [f"https://{prefix}{host}" for host in sorted(known()) for prefix in ("", "www.")]
    return posted + [host + chance.choice(paths) for host in [*hosts, *everywhere]]


if __name__ == "__main__":
    main()
