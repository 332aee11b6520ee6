"""Train what judges wording: `python -m bench.moderation.training.texts --data DIR` (ten minutes on one core).

First on a part, to say how good it is on a part that it has not seen; then on everything, which is what is written.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bench.moderation.measures import auc, best_threshold, count
from bench.moderation.tables import JUDGE, Row, part_of, rows
from bench.moderation.training.blending import (
    FOLDS,
    RISE,
    SURE,
    Network,
    Set,
    Task,
    blended,
    middle_of,
    only_pooled,
    panel,
    pooled,
    said,
    unseen,
)
from bench.moderation.training.fitting import Fitted, Floats, fit, in_buckets, save
from linnet.features.moderation.detectors.ngrams import BUCKETS_LOG2, MANY_LOG2, buckets, hashes
from linnet.features.moderation.detectors.normal import fold

WEIGHTS: Final = Path(__file__).parents[3] / "src/linnet/features/moderation/detectors/weights"
VERSION: Final = "2"
BLENDED: Final = (Task("abuse_en", 0.6, 4, 0.05, "en"), Task("spam", 0.0, 10, 0.03, "any"))
ALONE: Final = Task("abuse_multi", 0.5, 5, 0.1, "other")
"""Of thirteen small sources in eight languages: one column, with more buckets."""


def main() -> None:
    """Train, say how good, train on everything, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    tweets = rows(data, "tweets_general")
    posts = [row for row in rows(data, "user_timelines") if row["label"] == 0][::2]
    everyday = {
        "en": gathered([row | {"label": 0} for row in tweets if row["lang"] == "en"][::2], "text"),
        "other": gathered([row | {"label": 0} for row in tweets if row["lang"] != "en"], "text", MANY_LOG2),
        "any": gathered([row | {"label": 0} for row in tweets[::4] + posts[::2]], "user"),
    }
    columns: dict[str, Fitted] = {}
    networks: dict[str, Network] = {}
    for task in BLENDED:
        found, ordinary = gathered(rows(data, task.name), "dup_group"), everyday[task.ordinary]
        judge(task, found, ordinary)
        networks[task.name] = blended(task, found, ordinary)
        columns |= panel(task, found, ordinary)
    columns["english"] = english(data, tweets)
    save(WEIGHTS / "texts.npz", columns, VERSION)
    write(networks, list(columns))
    others = alone(gathered(rows(data, ALONE.name), "dup_group", MANY_LOG2), everyday[ALONE.ordinary])
    save(WEIGHTS / "others.npz", {ALONE.name: others}, VERSION)


def gathered(found: Sequence[Row], group: str, size_log2: int = BUCKETS_LOG2) -> Set:
    """Rows as a set; what must not stand in two parts is in the column `group`, or else the text."""
    groups = [str(row.get(group) or row["text"]) for row in found]
    return Set(
        in_buckets([buckets(hashes(fold(row["text"])), size_log2) for row in found], 1 << size_log2),
        np.array([row["label"] for row in found], np.int64),
        np.array([str(row.get("source", "")) for row in found]),
        np.array([part_of(one) for one in groups]),
        np.array([hashlib.blake2b(one.encode(), digest_size=1).digest()[0] % FOLDS for one in groups], np.int64),
    )


def judge(task: Task, found: Set, ordinary: Set) -> None:
    """Say how good columns and network are that have seen nothing of the part they are judged on."""
    seen, rest = found.only(found.parts != JUDGE), found.only(found.parts == JUDGE)
    usual, others = ordinary.only(ordinary.parts != JUDGE), ordinary.only(ordinary.parts == JUDGE)
    network, columns = blended(task, seen, usual), panel(task, seen, usual)
    say(task.name, network.values(said(columns, rest.texts)), rest, network.values(said(columns, others.texts)))
    whole = columns[task.name]
    say(f"{task.name}, one column", whole.values(rest.texts), rest, whole.values(others.texts))


def say(name: str, values: Floats, rest: Set, ordinary: Floats) -> None:
    """Print the figures of one model."""
    labels = rest.labels.tolist()
    counts = count([bool(value > 0) for value in values], labels)
    best = best_threshold(values.tolist(), labels)[0]
    over = f"{np.mean(ordinary > 0):.4f} over the middle, {np.mean(ordinary > RISE):.5f} over {SURE}"
    print(f"{name}: AUC {auc(values.tolist(), labels):.4f}, F1 {counts.f1:.4f} (best {best:.4f}); ordinary {over}")
    by_source = {
        source: auc(values[rest.sources == source].tolist(), rest.labels[rest.sources == source].tolist())
        for source in np.unique(rest.sources)
    }
    print("   ", ", ".join(f"{source} {value:.4f}" for source, value in by_source.items()), flush=True)


def alone(found: Set, ordinary: Set) -> Fitted:
    """One column with its middle and slope, after saying how good one that saw less is on the rest."""
    first, rest = found.only(found.parts != JUDGE), found.only(found.parts == JUDGE)
    usual, others = ordinary.only(ordinary.parts != JUDGE), ordinary.only(ordinary.parts == JUDGE)
    judged = placed(first, usual)
    say(ALONE.name, judged.slope * judged.values(rest.texts), rest, judged.slope * judged.values(others.texts))
    return placed(found, ordinary)


def placed(found: Set, ordinary: Set) -> Fitted:
    """A column of all texts, whose middle and slope are from models that have not seen them."""
    values, others = unseen(ALONE, found, ordinary, only_pooled)
    middle, slope = middle_of(values[:, 0], found.labels, others[:, 0])
    column = pooled(ALONE, found, ordinary)
    column.bias -= middle
    column.slope = slope
    return column


def english(data: Path, tweets: list[Row]) -> Fitted:
    """Whether a text is English, which weighs the two models of abuse."""
    others = rows(data, "abuse_multi")[::3] + [row for row in rows(data, "spam") if row["lang"] == "ru"][::3]
    own = rows(data, "abuse_en")[::3] + [row for row in rows(data, "spam") if row["lang"] == "en"]
    found = [row | {"label": 1} for row in own] + [row | {"label": 0} for row in others]
    found += [row | {"label": int(row["lang"] == "en")} for row in tweets[::2]]
    texts = gathered(found, "text")
    rest = texts.only(texts.parts == JUDGE)
    seen = texts.only(texts.parts != JUDGE)
    column = fit(seen.texts, seen.labels, by_class=0.0, cost=8)
    column.calibrate(column.values(rest.texts), rest.labels)
    say("english", column.values(rest.texts), rest, np.zeros(1))
    return column


def write(networks: dict[str, Network], names: list[str]) -> None:
    """All networks as one, over all columns: what is another's says nothing."""
    means, spreads = np.zeros(len(names)), np.ones(len(names))
    units = sum(len(one.output) for one in networks.values())
    hidden, output = np.zeros((len(names), units)), np.zeros((units, len(networks)))
    done = 0
    for number, (task, one) in enumerate(networks.items()):
        own = [place for place, name in enumerate(names) if name.split()[0] == task]
        means[own], spreads[own] = one.means, one.spreads
        hidden[own, done : done + len(one.output)] = one.hidden
        output[done : done + len(one.output), number] = one.output
        done += len(one.output)
    np.savez_compressed(
        WEIGHTS / "blend.npz",
        names=np.array(list(networks)),
        means=means,
        spreads=spreads,
        hidden=hidden,
        hidden_biases=np.concatenate([one.hidden_biases for one in networks.values()]),
        output=output,
        output_biases=np.array([one.output_bias for one in networks.values()]),
    )


if __name__ == "__main__":
    main()
